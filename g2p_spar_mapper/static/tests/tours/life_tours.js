import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const paid = ".o_form_view .alert-success:contains(Payments go to this address until)";

tours.add("g2p_spar_mapper_life_runs", {
    steps: () => [
        { trigger: paid },
        { trigger: ".o_form_view:not(:has(.alert-warning:visible))" },
    ],
});
tours.add("g2p_spar_mapper_life_warns", {
    steps: () => [
        { trigger: paid },
        { trigger: ".alert-warning:contains(The link ends in 7 days or less)" },
    ],
});

tours.add("g2p_spar_mapper_life_renew", {
    steps: () => [
        { trigger: ".alert-warning:contains(The link ended on)" },
        { trigger: ".alert-warning:contains(It can be renewed until)" },
        { trigger: "button[name=action_renew]", run: "click" },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Came to the office with her card",
        },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { content: "It is paid again", trigger: paid },
    ],
});

tours.add("g2p_spar_mapper_life_gone", {
    steps: () => [
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Unlinked)" },
        { trigger: "button[name=action_link]:contains(Link again)" },
        { trigger: ".o_form_view:not(:has(button[name=action_renew]))" },
    ],
});

import { registry } from "@web/core/registry";

const row = (name) => `.o_data_row:contains(${name})`;

registry.category("web_tour.tours").add("g2p_spar_mapper_bulk_hold", {
    steps: () => [
        {
            content: "Select a mapping that can be held",
            trigger: `${row("Amina Tour")} .o_list_record_selector input`,
            run: "click",
        },
        {
            content: "Select one that cannot",
            trigger: `${row("Baraka Tour")} .o_list_record_selector input`,
            run: "click",
        },
        { trigger: "button[name=action_hold]", run: "click" },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Audit of the branch",
        },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        {
            content: "What could not be done is told, a line a mapping",
            trigger:
                ".modal .o_field_widget[name=refusals]:contains(not in a state that allows this)",
        },
        { trigger: ".modal footer button:contains(Close):visible", run: "click" },
        {
            content: "The list shows what was done",
            trigger: `${row("Amina Tour")}:contains(On hold)`,
        },
    ],
});

registry.category("web_tour.tours").add("g2p_spar_mapper_link", {
    steps: () => [
        { trigger: "button[name=action_link]", run: "click" },
        {
            trigger: ".modal .o_field_widget[name=id_input] input",
            run: "edit tourperson",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Chausiku Tour",
        },
        { trigger: ".modal .o_radio_item:contains(Paste) input", run: "click" },
        {
            content: "A number that cannot be is told before anything is stored",
            trigger: ".modal .o_field_widget[name=fa_text] input",
            run: "edit account:12x@indigo.testbank.testacc && press Tab",
        },
        { trigger: ".modal .alert-warning:contains(digits)" },
        {
            trigger: ".modal .o_field_widget[name=fa_text] input",
            run: "edit account:12345@indigo.testbank.testacc && press Tab",
        },
        {
            content: "What will be stored is shown",
            trigger: ".modal .o_field_widget[name=fa_reading]:contains(Test Bank)",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit Shown at the counter",
        },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        {
            content: "The new mapping is open, and says that it is paid",
            trigger: ".o_form_view .alert-success:contains(Payments go to this address)",
        },
        {
            trigger: ".o_field_widget[name=version_ids] .o_data_row:contains(Shown at the counter)",
        },
    ],
});

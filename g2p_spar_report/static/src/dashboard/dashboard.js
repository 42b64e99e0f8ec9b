import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { LineChart } from "./line_chart";
import { formatInteger } from "@web/views/fields/formatters";
import { Component, onWillStart, useState } from "@odoo/owl";

/** The application's first page: figures, each of which opens its records. */
export class SparDashboard extends Component {
    static template = "g2p_spar_report.Dashboard";
    static components = { Layout, LineChart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = { controlPanel: {} };
        this.state = useState({ days: 30, figures: null, isBusy: false });
        onWillStart(async () => {
            await Promise.all([loadBundle("web.chartjs_lib"), this.load()]);
        });
    }

    async load() {
        this.state.figures = await this.orm.call("g2p.spar.dashboard", "get_figures", [
            this.state.days,
        ]);
    }

    async choosePeriod(days) {
        this.state.days = days;
        await this.load();
    }

    async countNow() {
        this.state.isBusy = true;
        try {
            await this.orm.call("g2p.spar.dashboard", "count_now", []);
            await this.load();
        } finally {
            this.state.isBusy = false;
        }
    }

    open(action) {
        this.action.doAction(action);
    }

    number(value) {
        return formatInteger(value);
    }

    get countedAt() {
        const at = this.state.figures.counted_at;
        return at ? _t("Counted at %s.", at) : _t("Nothing has been counted yet.");
    }
}

registry.category("actions").add("g2p_spar_report.dashboard", SparDashboard);

import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {GraphRenderer} from "@web/views/graph/graph_renderer";
import {PivotRenderer} from "@web/views/pivot/pivot_renderer";
import {_t} from "@web/core/l10n/translation";
import {graphView} from "@web/views/graph/graph_view";
import {onWillStart} from "@odoo/owl";
import {pivotView} from "@web/views/pivot/pivot_view";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

const COUNTED_DAYS = "g2p.spar.tally.day";

/**
 * A chart of counts, which says when it was counted, and whose figures open the
 * records that were counted.
 *
 * @param {typeof import("@odoo/owl").Component} Renderer
 * @param {String} template
 * @returns {typeof import("@odoo/owl").Component}
 */
function ofCounts(Renderer, template) {
    return class extends Renderer {
        static template = template;

        setup() {
            super.setup();
            this.orm = useService("orm");
            onWillStart(async () => {
                const [newest] = await this.orm.searchRead(
                    COUNTED_DAYS,
                    [],
                    ["counted_at"],
                    {limit: 1, order: "counted_at desc"}
                );
                this.countedAt = newest && deserializeDateTime(newest.counted_at);
            });
        }

        get freshness() {
            return this.countedAt
                ? _t(
                      "Counted at %s. Days are those of UTC.",
                      formatDateTime(this.countedAt)
                  )
                : _t("Nothing has been counted yet.");
        }

        /**
         * @override
         */
        async openView(domain, views, context, newWindow) {
            const {resModel} = this.model.metaData;
            const action = await this.orm.call(resModel, "get_counted_action", [
                domain,
            ]);
            await this.actionService.doAction(action, {newWindow});
        }
    };
}

const views = registry.category("views");
views.add("g2p_spar_tally_graph", {
    ...graphView,
    Renderer: ofCounts(GraphRenderer, "g2p_spar_report.GraphRenderer"),
});
views.add("g2p_spar_tally_pivot", {
    ...pivotView,
    Renderer: ofCounts(PivotRenderer, "g2p_spar_report.PivotRenderer"),
});

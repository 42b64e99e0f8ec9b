import {GraphRenderer} from "@web/views/graph/graph_renderer";
import {PivotRenderer} from "@web/views/pivot/pivot_renderer";
import {graphView} from "@web/views/graph/graph_view";
import {pivotView} from "@web/views/pivot/pivot_view";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/**
 * A chart of counts, whose figures open the mappings that were counted.
 *
 * @param {typeof import("@odoo/owl").Component} Renderer
 * @returns {typeof import("@odoo/owl").Component}
 */
function opensMappings(Renderer) {
    return class extends Renderer {
        setup() {
            super.setup();
            this.orm = useService("orm");
        }

        /**
         * @override
         */
        async openView(domain, views, context, newWindow) {
            const {resModel} = this.model.metaData;
            const action = await this.orm.call(resModel, "get_mappings_action", [
                domain,
            ]);
            await this.actionService.doAction(action, {newWindow});
        }
    };
}

const views = registry.category("views");
views.add("g2p_spar_tally_graph", {
    ...graphView,
    Renderer: opensMappings(GraphRenderer),
});
views.add("g2p_spar_tally_pivot", {
    ...pivotView,
    Renderer: opensMappings(PivotRenderer),
});

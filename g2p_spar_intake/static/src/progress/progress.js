import {onWillUnmount} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";

const SECONDS = 2;
const MOVING = ["reading", "checking", "running"];

/** A bar that looks again while its list is being worked off. */
export class SparIntakeProgress extends ProgressBarField {
    setup() {
        super.setup();
        const timer = setInterval(() => this.look(), SECONDS * 1000);
        onWillUnmount(() => clearInterval(timer));
    }

    async look() {
        const record = this.props.record;
        if (MOVING.includes(record.data.state) && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("fields").add("spar_intake_progress", {
    ...progressBarField,
    component: SparIntakeProgress,
});

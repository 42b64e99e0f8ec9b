import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** As the server's BYTE_LIMIT. */
const BYTE_LIMIT = 2 ** 30;

/** Sends a file as it is, in one stream, and opens what became of it. */
export class SparIntakeUpload extends Component {
    static template = "g2p_spar_intake.Upload";
    static props = ["*"];

    setup() {
        this.action = useService("action");
        this.state = useState({name: "", percent: 0, busy: false, problem: ""});
    }

    onChosen(ev) {
        const [file] = ev.target.files;
        // The same file may be chosen again after a refusal.
        ev.target.value = "";
        if (file && file.size > BYTE_LIMIT) {
            this.fail(
                _t("The file is larger than 1,024 megabytes: split it. Nothing was sent.")
            );
        } else if (file) {
            this.send(file);
        }
    }

    send(file) {
        Object.assign(this.state, {
            name: file.name,
            percent: 0,
            busy: true,
            problem: "",
        });
        const request = new XMLHttpRequest();
        request.open(
            "POST",
            `/spar/intake/upload?name=${encodeURIComponent(file.name)}`
        );
        request.setRequestHeader("Content-Type", "application/octet-stream");
        request.setRequestHeader("X-CSRF-Token", odoo.csrf_token);
        request.upload.onprogress = (ev) => {
            this.state.percent = Math.floor((100 * ev.loaded) / (ev.total || 1));
        };
        request.onerror = () => this.fail();
        request.onload = () => this.finish(request);
        request.send(file);
    }

    finish(request) {
        let answer = {};
        try {
            answer = JSON.parse(request.responseText);
        } catch {
            return this.fail();
        }
        if (!answer.id) {
            return this.fail(answer.error);
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "g2p.spar.intake",
            res_id: answer.id,
            views: [[false, "form"]],
        });
    }

    fail(sentence) {
        this.state.busy = false;
        this.state.problem =
            sentence || _t("The file did not arrive; nothing was done. Send it again.");
    }
}

registry.category("actions").add("g2p_spar_intake.upload", SparIntakeUpload);

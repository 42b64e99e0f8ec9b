/* global Chart */
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { Component, useEffect, useRef } from "@odoo/owl";

/** Lines over days. The same numbers stand in a table for those who cannot see it. */
export class LineChart extends Component {
    static template = "g2p_spar_report.LineChart";
    static props = { block: Object };

    setup() {
        this.canvas = useRef("canvas");
        useEffect(
            () => {
                const chart = new Chart(this.canvas.el, this.config);
                return () => chart.destroy();
            },
            () => [this.props.block]
        );
    }

    get days() {
        return this.props.block.days.map((day) => formatDate(deserializeDate(day)));
    }

    get config() {
        const style = getComputedStyle(document.documentElement);
        const datasets = this.props.block.lines.map((line) => {
            const color = style.getPropertyValue(`--${line.color}`).trim() || "#71639e";
            return {
                label: line.label,
                data: line.values,
                borderColor: color,
                backgroundColor: color,
                borderWidth: 2,
                pointRadius: 0,
                pointHitRadius: 8,
                tension: 0,
            };
        });
        return {
            type: "line",
            data: { labels: this.days, datasets },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                plugins: { legend: { display: datasets.length > 1, position: "bottom" } },
                scales: {
                    x: { ticks: { maxTicksLimit: 6, maxRotation: 0 } },
                    y: { beginAtZero: true, ticks: { precision: 0 }, grace: "5%" },
                },
            },
        };
    }
}

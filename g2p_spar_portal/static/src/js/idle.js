// Warns a minute before the end of a session, and lets the person stay.
//
// Counts on the clock, not on timers: those stand still while a phone sleeps. Pages
// in other tabs tell each other that the person is there.

const WARNING_SECONDS = 60;
const dialog = document.getElementById("idle");
const left = document.getElementById("idle-left");
// As the pages write them, which a browser does not know of every language.
const digits = [...dialog.dataset.digits];
const idleSeconds = Number(dialog.dataset.seconds);
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("spar-idle") : null;
let lastSeen = Date.now();

function remaining() {
    return Math.ceil(idleSeconds - (Date.now() - lastSeen) / 1000);
}

function seen() {
    lastSeen = Date.now();
    if (dialog.open) {
        dialog.close();
    }
}

function end() {
    window.location.replace(dialog.dataset.ended);
}

async function stay() {
    try {
        const answer = await fetch("/spar/stay", {
            method: "POST",
            headers: { "Content-Type": "application/x-www-form-urlencoded" },
            body: new URLSearchParams({ csrf_token: dialog.dataset.csrf }),
            redirect: "error",
        });
        if (!answer.ok) {
            return end();
        }
    } catch {
        // The line is down: the warning stays, and the button can be pressed again.
        return;
    }
    seen();
    tabs?.postMessage("seen");
}

function look() {
    const seconds = remaining();
    if (seconds <= 0) {
        end();
    } else if (seconds <= WARNING_SECONDS) {
        left.textContent = String(seconds).replace(/\d/g, (digit) => digits[digit]);
        if (!dialog.open) {
            dialog.showModal();
        }
    }
}

dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    stay();
});
document.getElementById("idle-stay").addEventListener("click", stay);
tabs?.addEventListener("message", seen);
tabs?.postMessage("seen");
document.addEventListener("visibilitychange", look);
// A page out of the browser's memory would show what was there before the log-out.
window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
setInterval(look, 1000);

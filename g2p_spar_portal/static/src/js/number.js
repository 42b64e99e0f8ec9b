// Say at once what is wrong with a number, in the words of the server, which checks
// everything again when the form is sent.

const form = document.getElementById("numbers");

for (const input of form?.querySelectorAll("input[data-part]") ?? []) {
  input.addEventListener("change", () => check(input));
  input.addEventListener("input", () => say(input, ""));
}
for (const again of form?.querySelectorAll("input[name^=again_]") ?? []) {
  again.addEventListener("input", () => say(again, ""));
}

async function check(input) {
  const text = input.value;
  if (!text.trim()) {
    return;
  }
  const body = new URLSearchParams({
    csrf_token: form.elements.csrf_token.value,
    name: input.dataset.part,
    text,
  });
  try {
    const answer = await fetch(form.dataset.check, { method: "POST", body });
    if (answer.ok && answer.headers.get("Content-Type")?.includes("json")) {
      const { problem } = await answer.json();
      // Not about what has been typed since.
      if (input.value === text) {
        say(input, problem);
      }
    }
  } catch {
    // No line: the form says it when it is sent.
  }
}

function say(input, problem) {
  const id = input.id.startsWith("again_")
    ? `error_${input.id}`
    : `error_${input.dataset.part}`;
  document.getElementById(id).textContent = problem;
  if (problem) {
    input.setAttribute("aria-invalid", "true");
  } else {
    input.removeAttribute("aria-invalid");
  }
}

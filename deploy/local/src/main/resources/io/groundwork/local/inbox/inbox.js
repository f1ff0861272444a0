// Keeps the list fresh and shows times in the reader's own zone. The page works without it.
const list = document.getElementById("list");

function localTimes() {
  for (const time of document.querySelectorAll("time:not([data-local])")) {
    time.textContent = new Date(time.dateTime).toLocaleString();
    time.dataset.local = "";
  }
}

let shown = "";
async function refresh() {
  try {
    const answer = await fetch("/list?" + list.dataset.opened);
    const html = answer.ok ? await answer.text() : shown;
    if (html !== shown) {
      shown = html;
      list.innerHTML = html;
      localTimes();
    }
  } catch {
    // The inbox is being restarted; the next try finds it again.
  }
  setTimeout(refresh, 1500);
}

localTimes();
refresh();

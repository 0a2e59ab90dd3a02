/* A bundle dropped: sent whole as a stream; the page hears where it lies. Nothing of it is held in memory. */
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".verify"), words = data.words;
  const button = root.querySelector("button"), input = root.querySelector("input");
  const bar = root.querySelector("progress"), said = root.querySelector(".said");
  root.querySelector(".title").textContent = words.title;
  root.querySelector(".hint").textContent = words.hint;
  button.textContent = words.choose;

  function send(file) {
    if (!file || root.dataset.busy) return;
    root.dataset.busy = "1";
    const request = new XMLHttpRequest();
    request.open("POST", data.address);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    bar.hidden = false;
    bar.max = Math.max(file.size, 1);
    bar.value = 0;
    said.textContent = words.sending.replace("{name}", file.name);
    request.upload.onprogress = (event) => { bar.value = event.loaded; };
    request.onloadend = () => {
      delete root.dataset.busy;
      bar.hidden = true;
      input.value = "";
      let told = {};
      try { told = JSON.parse(request.responseText || "{}"); } catch { /* a proxy's own page */ }
      if (request.status === 201 && told.box) {
        said.textContent = "";
        setTriggerValue("came", { box: told.box, name: file.name });
      } else {
        said.textContent = words.failed + " " + [told.problem, told.remedy].filter(Boolean).join(" · ");
      }
    };
    request.send(file);
  }

  button.onclick = () => input.click();
  input.onchange = () => send(input.files[0]);
  root.ondragover = (event) => { event.preventDefault(); root.classList.add("over"); };
  root.ondragleave = () => root.classList.remove("over");
  root.ondrop = (event) => {
    event.preventDefault();
    root.classList.remove("over");
    send(event.dataTransfer.files[0]);
  };
}

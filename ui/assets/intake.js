/* The page 入库: choose or drop files, send them with progress, say what became of each. */
(() => {
  "use strict";
  if (location.pathname !== "/intake") return;
  const { find, announce } = window.luming;
  let chosen = [];
  /* Characters that turn the direction of writing, by which a name poses as another. */
  const turning = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
  const human = (n) => (n < 1024 ** 2 ? `${Math.max(1, Math.round(n / 1024))} KB` : `${(n / 1024 ** 2).toFixed(1)} MB`);

  function list(form) {
    const host = find("[data-files]", form);
    host.replaceChildren(...chosen.map((file) => {
      const row = document.createElement("li");
      const name = document.createElement("span");
      const note = document.createElement("small");
      name.textContent = file.name.replace(turning, "");
      note.textContent = human(file.size);
      row.append(name, note);
      return row;
    }));
    find("button[type=submit]", form).disabled = !chosen.length;
  }
  function problem(form, line) {
    const place = find("[data-error]", form);
    place.textContent = line;
    place.hidden = !line;
    if (line) announce(line);
  }
  /* Files go one after the other: how much of each has gone. */
  function each(form, loaded) {
    let before = 0;
    [...find("[data-files]", form).children].forEach((row, at) => {
      const file = chosen[at];
      if (!file) return;
      const part = file.size ? Math.min(1, Math.max(0, (loaded - before) / file.size)) : 1;
      find("small", row).textContent = part < 1 ? `${human(file.size)} · ${Math.floor(part * 100)}%` : "已传到，正在核对…";
      before += file.size;
    });
  }
  /* Said before anything is sent; the server counts again. */
  function excess(form) {
    const { mostMb, mostFiles } = form.dataset;
    if (chosen.length > Number(mostFiles)) return `一次最多传 ${mostFiles} 个文件，现在选了 ${chosen.length} 个，请分几次传。`;
    const size = chosen.reduce((sum, file) => sum + file.size, 0);
    return size > Number(mostMb) * 1024 ** 2 ? `一次最多传 ${mostMb} MB，现在选了 ${human(size)}，请分几次传。` : "";
  }
  function send(form) {
    const collection = find("[name=collection]", form).value.trim();
    const much = excess(form);
    if (!collection || much) { problem(form, much || "请写出放入哪个文库。"); return; }
    const data = new FormData();
    for (const file of chosen) data.append("files", file, file.name);
    const xhr = new XMLHttpRequest();
    const bar = find("[data-progress]", form);
    const button = find("button[type=submit]", form);
    problem(form, "");
    bar.hidden = false;
    button.disabled = true;
    xhr.upload.onprogress = (event) => {
      if (!event.lengthComputable) return;
      bar.value = event.loaded / event.total;
      each(form, event.loaded);
    };
    xhr.onerror = () => { bar.hidden = true; list(form); button.disabled = false; problem(form, "上传中断了，请检查网络后重试；没有传完的文件不会收录。"); };
    xhr.onload = () => {
      bar.hidden = true;
      let reply = {};
      try { reply = JSON.parse(xhr.responseText); } catch { /* no JSON: said below */ }
      if (xhr.status !== 202) {
        button.disabled = false;
        problem(form, reply.detail || (xhr.status === 401 ? "登录已过期，请刷新页面重新登录。" : "没有传上去，请重试。"));
        return;
      }
      done(form, reply);
    };
    xhr.open("POST", `/api/v1/uploads?collection=${encodeURIComponent(collection)}`);
    xhr.send(data);
  }
  function done(form, reply) {
    const rows = find("[data-files]", form).children;
    reply.files.forEach((file, at) => {
      const note = rows[at] && find("small", rows[at]);
      if (!note) return;
      note.textContent = file.taken ? "已收下" : file.reason;
      note.classList.toggle("lp-error", !file.taken);
    });
    const taken = reply.files.filter((file) => file.taken).length;
    announce(`已收下 ${taken} 个文件，第 ${reply.job_id} 号任务开始处理。`);
    chosen = [];
    find("input[type=file]", form).value = "";
    window.htmx.ajax("GET", "/intake/jobs", { target: "#lp-jobs", swap: "outerHTML" });
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "lp-job") event.target.scrollIntoView({ block: "nearest", behavior: "smooth" });
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("[data-upload]");
    if (!form || event.target.type !== "file") return;
    chosen = [...event.target.files];
    list(form);
  });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const area = event.target.closest?.("[data-drop]");
      if (!area) return;
      event.preventDefault();
      area.classList.toggle("lp-over", kind === "dragover");
      if (kind !== "drop") return;
      chosen = [...event.dataTransfer.files];
      list(area.closest("form"));
    });
  }
  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.("[data-upload]")) return;
    event.preventDefault();
    send(event.target);
  });
})();

// What the page itself says. An answer's labels come with it, in the language of its question.

const WORDS = {
  tagline: [
    "向文件提问：每个回答都逐字引自原文，点开编号就能看到它在哪里。",
    "向文件提問：每個回答都逐字引自原文，點開編號就能看到它在哪裡。",
    "Ask your documents: every answer is quoted word for word; a click on its number shows where.",
  ],
  menu: ["菜单", "選單", "Menu"],
  documents: ["文件", "文件", "Documents"],
  fresh: ["新对话", "新對話", "New chat"],
  language: ["语言", "語言", "Language"],
  theme: ["深色", "深色", "Dark"],
  conversation: ["对话", "對話", "Conversation"],
  examples: ["可以这样问", "可以這樣問", "Try asking"],
  question: ["问题", "問題", "Question"],
  placeholder: ["输入问题", "輸入問題", "Ask a question"],
  ask: ["提问", "提問", "Ask"],
  stop: ["停止", "停止", "Stop"],
  searching: ["正在查找……", "正在查找……", "Looking it up…"],
  retry: ["再问一次", "再問一次", "Ask again"],
  stopped: ["已停止。", "已停止。", "Stopped."],
  private: [
    "一切都留在运行 Yuanwen 的机器上。",
    "一切都留在執行 Yuanwen 的機器上。",
    "Nothing leaves the machine that runs Yuanwen.",
  ],
  empty: ["请输入问题。", "請輸入問題。", "Please type a question."],
  waiting: ["请等这个回答。", "請等這個回答。", "Wait for this answer, or stop it."],
  copied: ["已复制，连同出处。", "已複製，連同出處。", "Copied, with its sources."],
  uncopied: [
    "浏览器不让复制；请选中文字自己复制。",
    "瀏覽器不讓複製；請選取文字自行複製。",
    "The browser does not let this page copy; select the text instead.",
  ],
  unsaved: [
    "浏览器不让保存，重新打开后这段对话就没有了。",
    "瀏覽器不讓儲存，重新開啟後這段對話就沒有了。",
    "The browser does not store anything: this conversation ends with the page.",
  ],
  failed: ["服务器没有回应：{}", "伺服器沒有回應：{}", "The server did not answer: {}"],
  locked: [
    "访问口令已失效；请重新载入页面并登录。",
    "存取口令已失效；請重新載入頁面並登入。",
    "The token no longer holds: reload the page and log in.",
  ],
  close: ["关闭", "關閉", "Close"],
  loading: ["正在打开……", "正在開啟……", "Opening…"],
  moved: [
    "文件后来改动过；引文现在在这里。",
    "文件後來改動過；引文現在在這裡。",
    "The document has changed since; the quote now stands here.",
  ],
  unfound: [
    "这段引文已不在文件里，所以没有标出。",
    "這段引文已不在文件裡，所以沒有標出。",
    "The quote no longer stands in the document, so nothing is marked.",
  ],
  page: ["第 {} 页", "第 {} 頁", "page {}"],
  untitled: ["无标题", "無標題", "Untitled"],
  drop: ["把文件拖到这里，或点击选择", "把檔案拖到這裡，或點擊選擇", "Drop files here, or click to choose"],
  formats: [
    "PDF、Word、EPUB、网页、Markdown、纯文本、CSV、Excel、ZIP；每个不超过 64 MiB",
    "PDF、Word、EPUB、網頁、Markdown、純文字、CSV、Excel、ZIP；每個不超過 64 MiB",
    "PDF, Word, EPUB, HTML, Markdown, plain text, CSV, Excel, ZIP; up to 64 MiB each",
  ],
  queued: ["等待中", "等待中", "Waiting"],
  sending: ["上传 {}%", "上傳 {}%", "Sent {}%"],
  reading: ["正在读取……", "正在讀取……", "Reading…"],
  added: ["已添加", "已加入", "Added"],
  skipped: ["没有添加：{}", "沒有加入：{}", "Not added: {}"],
  nothing: ["里面没有文件", "裡面沒有檔案", "there is nothing in it"],
  only: ["只问它", "只問它", "Ask only this"],
  open: ["打开", "開啟", "Open"],
  remove: ["移除", "移除", "Remove"],
  sure: ["确定移除？", "確定移除？", "Really remove?"],
  removed: ["已移除：{}", "已移除：{}", "Removed: {}"],
  none: ["还没有文件。", "還沒有文件。", "There are no documents yet."],
  characters: ["{} 字", "{} 字", "{} characters"],
  filtered: ["只问 {} 个文件", "只問 {} 個文件", "Asking {} of the documents"],
  unfilter: ["问全部", "問全部", "Ask all"],
  export: ["导出 {} 条评价", "匯出 {} 條評價", "Export {} ratings"],
  right: ["正确的答案是：", "正確的答案是：", "The right answer is:"],
  nowhere: ["文件里没有", "文件裡沒有", "Not in the documents"],
  keep: ["保存", "儲存", "Save"],
  thanks: ["谢谢，评价留在这个浏览器里。", "謝謝，評價留在這個瀏覽器裡。", "Thank you; kept in this browser."],
};

const LANGUAGES = ["zh-Hans", "zh-Hant", "en"];
let language = LANGUAGES[0];

/** The first language of the browser that the page speaks. */
export function preferred() {
  for (const tag of navigator.languages) {
    const locale = new Intl.Locale(tag).maximize();
    if (locale.language === "zh") return `zh-${locale.script}`;
    if (locale.language === "en") return "en";
  }
  return "en";
}

export function word(key, value = "") {
  return WORDS[key][LANGUAGES.indexOf(language)].replace("{}", value);
}

/** Say everything beneath `element` in a language from now on. */
export function speak(element, wanted) {
  language = LANGUAGES.includes(wanted) ? wanted : LANGUAGES[0];
  document.documentElement.lang = language;
  element.lang = language;
  fill(element);
}

/** Write the words into the elements that name them. */
export function fill(element) {
  for (const each of element.querySelectorAll("[data-word]"))
    each.textContent = word(each.dataset.word);
  for (const each of element.querySelectorAll("[data-word-label]"))
    each.setAttribute("aria-label", word(each.dataset.wordLabel));
  for (const each of element.querySelectorAll("[data-word-placeholder]"))
    each.placeholder = word(each.dataset.wordPlaceholder);
}

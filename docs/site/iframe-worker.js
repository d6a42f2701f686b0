// A browser runs no worker for a page that was opened as a file, and the search is a worker: run it in a hidden frame.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      const frame = document.createElement("iframe")
      frame.hidden = true
      document.body.append(frame)
      const inside = frame.contentDocument
      inside.open()
      inside.write(`<script>
        postMessage = data => parent.postMessage(data, "*")
        importScripts = (...urls) => urls.reduce((done, url) => done.then(() => new Promise(loaded => {
          const script = document.createElement("script")
          script.src = url
          script.onload = loaded
          document.body.append(script)
        })), Promise.resolve())
      </script><body><script src="${url}"></script>`)
      inside.close()
      this.frame = frame.contentWindow
      this.ready = new Promise(loaded => frame.addEventListener("load", loaded))
      addEventListener("message", event => {
        if (event.source === this.frame) this.dispatchEvent(new MessageEvent("message", { data: event.data }))
      })
    }
    postMessage(data) {
      this.ready.then(() => dispatch(this.frame, data))
    }
  }
  // The frame's own postMessage is the one that answers, so the event is made here.
  function dispatch(frame, data) {
    frame.dispatchEvent(new frame.MessageEvent("message", { data }))
  }
}

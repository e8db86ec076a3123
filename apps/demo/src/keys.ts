/** Calls an action when its key is pressed, unless the key means something to what has the focus. */
export function listenToKeys(actions: Readonly<Record<string, () => void>>): void {
  document.addEventListener("keydown", (event) => {
    const action = actions[event.key.toLowerCase()];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    if (target instanceof HTMLElement && target.closest("input:not([type=radio]), select, textarea")) return;
    // A button takes the space bar itself.
    if (event.key === " " && target instanceof HTMLElement && target.closest("button, input")) return;
    event.preventDefault();
    action();
  });
}

// Everything works without this file; it makes pages quick and keyboard-friendly.
import "../css/main.css";
import "./htmx.js";
import "./dialogs.js";
import "./menus.js";
import "./toasts.js";
import "./tips.js";
import "./forms.js";
import "./lists.js";
import "./combobox.js";
import "./files.js";
import "./palette.js";
import "./bell.js";
import "./state.js";

// SPDX-License-Identifier: GPL-2.0-or-later
// Before anything is painted: dark or light, as the reader chose on another page. A browser may deny the memory.
(() => {
    "use strict";
    try {
        const theme = localStorage.getItem("theme");
        if (theme) document.documentElement.dataset.theme = theme;
    } catch { /* then each page begins anew */ }
})();

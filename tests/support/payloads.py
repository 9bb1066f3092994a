"""What students might write, or have their code show, to do something in the browser of whoever
reads it.

Every payload calls `canary(n)`, or asks for an address with `canary` in it, if it gets to act.
"""

from __future__ import annotations

import base64

CALL = "window.canary&&canary()"
ELSEWHERE = "http://127.0.0.1:9/canary"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{CALL}"><script>{CALL}</script></svg>'
PAGE = base64.b64encode(f"<script>parent.{CALL}</script>".encode()).decode()

HTML = [
    f"<script>{CALL}</script>",
    f"<img src=x onerror={CALL}>",
    f'<IMG SRC=x oNeRrOr="{CALL}">',
    f"<a href='javascript:{CALL}' class=click>click</a>",
    f"<a href='java&#10;script:{CALL}' class=click>click</a>",
    f"<iframe srcdoc='<script>parent.{CALL}</script>'></iframe>",
    f"<iframe src='data:text/html;base64,{PAGE}'></iframe>",
    f"<object data='data:text/html;base64,{PAGE}'></object><embed src='{ELSEWHERE}'>",
    SVG,
    f"<svg><animate onbegin={CALL} attributeName=x dur=1s></svg>",
    (
        f"<math><mtext><table><mglyph><style><img src=x onerror={CALL}></style></mglyph></table>"
        "</mtext></math>"
    ),
    f"<noscript><p title='</noscript><img src=x onerror={CALL}>'></noscript>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={CALL}>",
    f"<meta http-equiv=refresh content='0;url={ELSEWHERE}'>",
    (
        f"<style>@import '{ELSEWHERE}';body{{background:url({ELSEWHERE})}}"
        f"input[value]{{background:url({ELSEWHERE})}}</style>"
    ),
    f"<link rel=stylesheet href={ELSEWHERE}><link rel=prefetch href={ELSEWHERE}>",
    f"<div style=\"background:url('{ELSEWHERE}')\">styled</div>",
    "<form action='/formgrader/api/student/mallory' method=post id=gotcha></form>",
    "<form id=gotcha><input name=x></form><script>document.forms.gotcha.submit()</script>",
    f"<form action={ELSEWHERE}><button class=click>click</button></form>",
    f"<base href='{ELSEWHERE}/'>",
    f"<details open ontoggle={CALL}>x</details>",
    f"<video><source onerror={CALL}></video><audio src=x onerror={CALL}></audio>",
    f"<input autofocus onfocus={CALL}>",
    f"<body onload={CALL}>",
    f"<!--><img src=x onerror={CALL}>-->",
    f"</pre></div></body></html><script>{CALL}</script>",
    f"<textarea></textarea><title></title><xmp></xmp><img src=x onerror={CALL}>",
    f"<img src='{ELSEWHERE}'>",
    f"<template><script>{CALL}</script></template><p id=gotcha is=x-y onclick={CALL}>",
]

MARKDOWN = [
    *HTML,
    f"[click](javascript:{CALL})",
    f"[click](JaVaScRiPt:{CALL} 'title')",
    f"[click](<javascript:{CALL}>)",
    f"[click](&#106;avascript:{CALL})",
    f"[click](\tjavascript:{CALL})",
    f"[click][ref]\n\n[ref]: javascript:{CALL}",
    f"[click][ref2]\n\n[ref2]:\n  javascript:{CALL}",
    f"<javascript:{CALL}>",
    f"[click](data:text/html;base64,{PAGE})",
    f"[click](vbscript:{CALL})",
    f"![x](x\"onerror='{CALL}')",
    f'![x" onerror="{CALL}](x)',
    f"![x]({ELSEWHERE}.png)",
    f"![x][pic]\n\n[pic]: {ELSEWHERE}.png",
    f"![x]\n\n[x]: {ELSEWHERE}.png",
    "![x](attachment:missing.png)",
    f"```mermaid\n</pre><img src=x onerror={CALL}>\n```",
    f'```python" onmouseover="{CALL}\nx\n```',
    f"# heading <img src=x onerror={CALL}>",
    f"$\\href{{javascript:{CALL}}}{{x}}$",
    f"$$\\class{{x}}{{y}}\\style{{background:url({ELSEWHERE})}}{{z}}<img src=x onerror={CALL}>$$",
    f"\\begin{{equation}}<img src=x onerror={CALL}>\\end{{equation}}",
    f"a | b\n--|--\n<img src=x onerror={CALL}> | `<script>{CALL}</script>`",
    f"*[x]: y\n\n- [ ] <input autofocus onfocus={CALL}>",
    f"text\n: definition <img src=x onerror={CALL}>",
    f"&lt;script&gt;{CALL}&lt;/script&gt;",
]

BUNDLES = [
    *({"text/html": html, "text/plain": "<IPython.core.display.HTML object>"} for html in HTML),
    *({"text/html": html} for html in HTML[:4]),
    {"image/svg+xml": SVG, "text/plain": "<IPython.core.display.SVG object>"},
    {"application/javascript": CALL, "text/plain": "<IPython.core.display.Javascript object>"},
    {"text/markdown": f"<script>{CALL}</script> [x](javascript:{CALL})"},
    {"text/latex": f"$\\href{{javascript:{CALL}}}{{x}}$</div><script>{CALL}</script>"},
    {"application/vnd.jupyter.widget-view+json": {"model_id": f"</script><script>{CALL}</script>"}},
    {"application/vnd.plotly.v1+json": {"layout": f"<script>{CALL}</script>"}},
    {"text/vnd.mermaid": f"</pre><script>{CALL}</script>"},
    {"image/png": f'"><script>{CALL}</script>'},
    {"image/jpeg": f'x" onerror="{CALL}'},
    {"image/png": base64.b64encode(SVG.encode()).decode()},
    {"application/pdf": PAGE, "text/plain": f"<script>{CALL}</script>"},
    {"text/plain": f"\x1b]8;;javascript:{CALL}\x1b\\click\x1b]8;;\x1b\\"},
]

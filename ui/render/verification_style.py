"""The style of a checked draft: colours differ and so do the lines, for those who see no colours."""

from __future__ import annotations

PAGE_STYLE = """
:root{color-scheme:light dark;--bg:#fff;--fg:#1c2520;--dim:#5d6b63;--line:#d9e0db;--soft:#f4f7f5;
--link:#17603f}
@media(prefers-color-scheme:dark){:root{--bg:#131916;--fg:#e4ebe6;--dim:#9fb0a6;--line:#323d37;
--soft:#1b2420;--link:#7fd0a6}}
*{box-sizing:border-box}
html{scroll-padding-top:12px}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.8 "Noto Sans CJK SC",
"Source Han Sans SC","PingFang SC","Microsoft YaHei",sans-serif;overflow-wrap:anywhere}
main{max-width:1240px;margin:0 auto;padding:20px 16px 60px}
h1{font-size:24px;line-height:1.4;margin:0 0 8px}
@media(max-width:860px){main{padding:14px 12px 40px}h1{font-size:20px}}
"""

STYLE = """
.lm-verify{--ok:#2f6b4a;--word:#a65400;--num:#8a3ab0;--old:#a61b1b;--none:#4a5b75;
--insbg:#d8f0e0;--delbg:#fbe1de}
@media(prefers-color-scheme:dark){.lm-verify{--ok:#7fd0a6;--word:#ffb366;--num:#d5a3f0;--old:#ff9b94;
--none:#a9bcd8;--insbg:#173d29;--delbg:#4a1f1b}}
.lm-verify .lv-consistent{--c:var(--ok)}.lm-verify .lv-wording{--c:var(--word)}
.lm-verify .lv-number{--c:var(--num)}.lm-verify .lv-outdated{--c:var(--old)}
.lm-verify .lv-absent,.lm-verify .lv-unclear{--c:var(--none)}
.lm-verify .lv-sum{font-size:17px;font-weight:600;margin:0}
.lm-verify .lv-dim{color:var(--dim,#5d6b63);font-size:14px;margin:4px 0}
.lm-verify .lv-bar{display:flex;flex-wrap:wrap;gap:8px 20px;align-items:center;margin:12px 0}
.lm-verify .lv-counts{display:flex;flex-wrap:wrap;gap:8px;list-style:none;margin:0;padding:0}
.lm-verify .lv-counts li{border:1px solid var(--c);border-radius:999px;padding:1px 12px;color:var(--c)}
.lm-verify i{display:inline-block;width:9px;height:9px;border-radius:2px;background:var(--c);
margin-right:6px}
.lm-verify .lv-consistent i{border-radius:50%}
.lm-verify .lv-both{display:grid;grid-template-columns:minmax(0,1.25fr) minmax(0,1fr);gap:24px;
align-items:start}
.lm-verify .lv-draft{border:1px solid var(--line,#d9e0db);border-radius:8px;padding:14px 22px;
line-height:2}
@media screen and (min-width:861px){.lm-verify .lv-draft{position:sticky;top:12px;
max-height:calc(100vh - 24px);overflow:auto}}
.lm-verify .lv-draft p{margin:0 0 10px}
.lm-verify .lv-mark{color:inherit;text-decoration:none;border-bottom:2px solid var(--c);
padding-bottom:1px}
.lm-verify .lv-mark.lv-ref:not(.lv-consistent){background:color-mix(in srgb,var(--c) 14%,transparent)}
.lm-verify .lv-mark.lv-consistent{border-bottom-width:1px;border-bottom-style:dotted}
.lm-verify .lv-mark.lv-said{border-bottom-style:dashed}
.lm-verify .lv-mark sup{color:var(--c);font-size:11px;margin-left:2px;font-weight:700}
.lm-verify .lv-mark:target,.lm-verify .lv-card:target{outline:3px solid var(--c);outline-offset:2px}
.lm-verify .lv-list{display:grid;gap:10px;min-width:0}
.lm-verify .lv-card{border:1px solid var(--line,#d9e0db);border-left:5px solid var(--c);
border-radius:6px;padding:10px 14px;min-width:0}
.lm-verify .lv-card h3{font-size:15px;margin:0 0 4px;display:flex;gap:10px;align-items:baseline}
.lm-verify .lv-card p{margin:4px 0}
.lm-verify .lv-card a,.lm-verify .lv-badge{color:var(--c)}
.lm-verify .lv-written{font-weight:600}
.lm-verify .lv-diff{background:var(--soft,#f4f7f5);border-radius:6px;padding:8px 12px;margin:6px 0}
.lm-verify .lv-diff b{font-size:13px;font-weight:400;color:var(--dim,#5d6b63)}
.lm-verify ins{background:var(--insbg);text-decoration:underline;text-decoration-thickness:2px;
text-underline-offset:3px}
.lm-verify del{background:var(--delbg);text-decoration:line-through;text-decoration-thickness:2px}
.lm-verify .lv-place{margin:6px 0;font-size:15px}
.lm-verify .lv-place summary{cursor:pointer;color:var(--link,#17603f)}
.lm-verify .lv-place small{color:var(--dim,#5d6b63)}
.lm-verify .lm-badge{border:1px solid currentColor;border-radius:4px;padding:0 6px;font-size:12px;
margin-left:8px;white-space:nowrap}
.lm-verify .lv-only{color:var(--dim,#5d6b63);font-size:15px;cursor:pointer}
.lm-verify:has(.lv-hide:checked) .lv-card.lv-consistent{display:none}
.lm-verify:has(.lv-hide:checked) .lv-mark.lv-consistent{border-bottom-color:transparent}
@media(max-width:860px){.lm-verify .lv-both{grid-template-columns:minmax(0,1fr)}
.lm-verify .lv-draft{padding:10px 14px}}
@media print{.lm-verify .lv-only{display:none}.lm-verify .lv-card{break-inside:avoid}
.lm-verify .lv-both{display:block}.lm-verify .lv-list{margin-top:16px}}
"""

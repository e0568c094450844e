extension InspectionPage {
    /// The style of this page, in addition to that of all pages.
    static let style = #"""
        .plots{position:relative;background:var(--card);border:1px solid var(--line);border-radius:12px;box-shadow:var(--shadow);
        touch-action:pan-y;outline-offset:3px;user-select:none;-webkit-user-select:none;cursor:crosshair}
        .plot{padding:16px 18px 10px}.plot+.plot{border-top:1px solid var(--grid)}
        .plot header{display:flex;flex-wrap:wrap;align-items:baseline;gap:2px 16px;min-height:22px}
        .plot .note,.key{font-size:12.5px;color:var(--soft)}.key{margin-left:auto}
        .key span{margin-left:14px;white-space:nowrap}.key i{display:inline-block;width:10px;height:10px;border-radius:2.5px;margin-right:6px}
        .key i.dash{height:0;width:16px;border-radius:0;border-top:2px dashed;vertical-align:4px}
        svg{display:block;width:100%;overflow:visible}
        svg text{font-size:11.5px;fill:var(--soft);font-variant-numeric:tabular-nums}
        .grid{stroke:var(--grid);fill:none;shape-rendering:crispEdges}.base{stroke:var(--line);fill:none;shape-rendering:crispEdges}
        .cross{stroke:var(--ink);stroke-opacity:.55;shape-rendering:crispEdges}.dot{fill:var(--card);stroke-width:2}
        .select{fill:var(--p);fill-opacity:.14}
        #tip{position:absolute;z-index:2;left:0;top:0;width:252px;padding:11px 14px 12px;border-radius:10px;background:var(--card);
        border:1px solid var(--line);box-shadow:0 6px 28px #00000026;font-size:13px;pointer-events:none;visibility:hidden}
        #tip b{font-size:14px}#tip .t{float:right;color:var(--soft)}
        #tip dl{display:grid;grid-template-columns:auto 1fr;gap:1px 12px;margin:6px 0 0}
        #tip dt{color:var(--soft)}#tip dd{margin:0;text-align:right;font-variant-numeric:tabular-nums}
        #tip .parts{margin:7px 0 0;padding-top:7px;border-top:1px solid var(--grid);color:var(--soft);line-height:1.4}
        .chip{display:inline-block;min-width:20px;margin-right:7px;padding:0 5px;border-radius:5px;color:var(--card);text-align:center;font-weight:700}
        .hint{display:flex;justify-content:space-between;gap:16px;margin:8px 4px 30px;font-size:12.5px;color:var(--soft)}
        button{font:inherit;color:var(--p);background:none;border:0;padding:0;cursor:pointer;text-decoration:underline;text-underline-offset:2px}
        button[hidden]{display:none}
        details{margin-top:10px;background:var(--card);border:1px solid var(--line);border-radius:12px}
        summary{padding:13px 18px;font-weight:600;font-size:14px;cursor:pointer}summary span{font-weight:400;color:var(--soft)}
        details table{width:calc(100% - 36px);margin:0 18px 16px;border-collapse:collapse;font-size:13.5px}
        td{padding:6px 0;border-top:1px solid var(--grid);vertical-align:top;overflow-wrap:anywhere}
        td:first-child{width:210px;padding-right:16px;color:var(--soft)}
        @media(max-width:760px){main{padding-bottom:190px}.plot{padding:13px 12px 4px}.key{margin-left:0;width:100%}
        .key span:first-child{margin-left:0}td:first-child{width:38%}details table{width:calc(100% - 28px);margin:0 14px 14px}
        #tip{position:fixed;left:10px!important;right:10px;top:auto!important;bottom:10px;width:auto}}
        @media(hover:none){.hint .mouse{display:none}}
        """#
}

extension InspectionPage {
    /// How the page looks: light and dark, wide and narrow.
    static let style = #"""
        :root{color-scheme:light dark;--paper:#fbfaf7;--card:#fff;--ink:#1d2127;--soft:#5c6470;--line:#e3e1db;--grid:#eceae4;
        --i:#c8501e;--p:#2f6fb3;--b:#1f9170;--o:#8a8f98;--rate:#7350b8;--qp:#a8741a;--psnr:#2f6fb3;--good:#17714f;--bad:#b3261e;
        --goodbg:#e3f3ec;--badbg:#fbe7e4;--shadow:0 1px 2px #0000000d,0 4px 16px #0000000a}
        @media(prefers-color-scheme:dark){:root{--paper:#14171b;--card:#1c2026;--ink:#e8eaed;--soft:#9aa3ae;--line:#2c323a;
        --grid:#262b32;--i:#ff8b5c;--p:#6db3f5;--b:#4fc9a0;--o:#868d97;--rate:#b79bf2;--qp:#e3b65a;--psnr:#6db3f5;--good:#6fd6ab;
        --bad:#ff9d94;--goodbg:#17342a;--badbg:#402220;--shadow:none}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;-webkit-text-size-adjust:100%}
        main{max-width:1160px;margin:0 auto;padding:40px 28px 72px}
        header p{margin:4px 0 0;color:var(--soft)}
        h1{margin:0;font-size:28px;line-height:1.2;letter-spacing:-.02em;font-weight:680;overflow-wrap:anywhere}
        h2{margin:0;font-size:14px;font-weight:640;letter-spacing:-.005em}
        code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
        header code{padding:2px 7px;border-radius:6px;background:var(--grid);color:var(--ink);margin-left:4px}
        .facts{display:grid;grid-template-columns:repeat(4,1fr);gap:1px;margin:26px 0 14px;background:var(--line);
        border:1px solid var(--line);border-radius:12px;overflow:hidden}
        .facts div{padding:14px 18px 13px;background:var(--card)}
        .facts dt{font-size:12.5px;color:var(--soft)}
        .facts dd{margin:1px 0 0;font-size:21px;font-weight:620;letter-spacing:-.015em;font-variant-numeric:tabular-nums}
        .facts small{display:block;font-size:12.5px;line-height:1.4;font-weight:400;letter-spacing:0;color:var(--soft)}
        .verdict{margin:0 0 14px;padding:12px 18px;border-radius:12px;font-size:14px}
        .verdict.good{background:var(--goodbg);color:var(--good)}.verdict.bad{background:var(--badbg);color:var(--bad)}
        .verdict ul{margin:4px 0 0;padding-left:20px}
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
        footer{margin-top:30px;font-size:12.5px;color:var(--soft)}
        @media(max-width:760px){main{padding:22px 14px 190px}h1{font-size:22px}.facts{grid-template-columns:1fr 1fr;margin-top:18px}
        .facts div{padding:11px 13px}.facts dd{font-size:18px}.plot{padding:13px 12px 4px}.key{margin-left:0;width:100%}
        .key span:first-child{margin-left:0}td:first-child{width:38%}details table{width:calc(100% - 28px);margin:0 14px 14px}
        #tip{position:fixed;left:10px!important;right:10px;top:auto!important;bottom:10px;width:auto}}
        @media(hover:none){.hint .mouse{display:none}}
        """#
}

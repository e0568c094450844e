extension Page {
    /// What all pages have: colors, headings and facts, light and dark, wide and narrow.
    static let sharedStyle = #"""
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
        footer{margin-top:30px;font-size:12.5px;color:var(--soft)}
        @media(max-width:760px){main{padding:22px 14px 48px}h1{font-size:22px}.facts{grid-template-columns:1fr 1fr;margin-top:18px}
        .facts div{padding:11px 13px}.facts dd{font-size:18px}}
        """#
}

internal import Jobs

extension InspectionPage {
    /// Reads the numbers of the units out of the page.
    static let dataScript = #"""
        "use strict";
        // The columns of the table of units: numbers of seven bits a byte, in base64.
        const D = JSON.parse(document.getElementById("data").textContent);
        function column(name, signed) {
          const text = atob(D.columns[name] || ""), out = [];
          for (let i = 0; i < text.length;) {
            let value = 0, scale = 1, byte;
            do { byte = text.charCodeAt(i++); value += (byte & 127) * scale; scale *= 128; } while (byte > 127);
            out.push(signed ? (value % 2 ? -(value + 1) / 2 : value / 2) : value);
          }
          return out;
        }
        const sum = deltas => { let total = 0; return deltas.map(d => total += d); };
        const flags = column("flags"), sizes = column("sizes"), parts = column("parts"), psnr = column("psnr");
        const qp = sum(column("qp", true)), low = column("low"), high = column("high");
        const skips = D.columns.skips ? sum(column("skips")) : [];
        const types = ["I", "P", "B", "-"];
        const times = (() => { let time = D.start - D.interval; return column("times", true).map(d => time += d + D.interval); })();
        const units = flags.map((f, i) => ({
          number: i + (skips[i] || 0), type: types[f & 3], key: f >> 2 & 1, ref: f >> 3 & 1, shown: f >> 4 & 1, coded: f >> 5 & 1,
          layer: (f >> 6) - 1, size: sizes[i], time: times[i] / 1e6, qp: qp[i] / 10, low: qp[i] / 10 - (low[i] || 0) / 10,
          high: qp[i] / 10 + (high[i] || 0) / 10, parts: D.parts[parts[i]],
          psnr: psnr[i] ? (psnr[i] == 1 ? Infinity : (psnr[i] - 2) / 100) : NaN,
        })).sort((a, b) => a.time - b.time);
        const first = units[0].time, last = first + D.duration / 1e6;
        // Bits of the second around each unit, within the stream.
        (() => {
          const length = Math.max(last - first, 1e-6), window = Math.min(1, length);
          let from = 0, to = 0, bytes = 0;
          for (const unit of units) {
            const start = Math.max(first, Math.min(unit.time - window / 2, last - window));
            while (to < units.length && units[to].time < start + window) bytes += units[to++].size;
            while (from < to && units[from].time < start) bytes -= units[from++].size;
            unit.rate = bytes * 8 / window;
          }
        })();
        """#
}

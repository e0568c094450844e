internal import Sluice

// The form for people.
extension ComparisonReport {
    /// Aligned columns.
    var table: String {
        let sides = [first, second].map { "\($0.name.printable()): \($0.width)x\($0.height) \($0.pixelFormat)\n" }
            .joined()
        let header = ["\(frames) frame\(frames == 1 ? "" : "s")"] + components + ["all"]
        var rows = [
            header, row("PSNR", psnr, .decibels), row("  mean", meanPSNR, .decibels),
            row("  lowest", lowestPSNR, .decibels),
        ]
        if let ssim, let lowestSSIM {
            rows += [row("SSIM", ssim, .similarity), row("  lowest", lowestSSIM, .similarity)]
        }
        let note = ssim == nil ? "SSIM: a plane is smaller than the 8 by 8 samples of a window\n" : ""
        return sides + "\n" + Self.aligned(rows) + note + worstTable
    }

    private var worstTable: String {
        guard !worst.isEmpty else { return "" }
        let psnrs = (components + ["all"]).map { "PSNR \($0)" }
        let header = ["worst frame", "seconds"] + psnrs + (ssim == nil ? [] : ["SSIM all"])
        let rows = worst.map { frame in
            let values = (frame.psnr.byComponent + [frame.psnr.all]).map { Number.decibels.text($0) }
            let time = (Double(frame.timestamp) / 1e6).decimals(3)
            return ["\(frame.frame)", time] + values + (frame.ssim.map { [Number.similarity.text($0.all)] } ?? [])
        }
        return "\n" + Self.aligned([header] + rows)
    }

    private enum Number {
        case decibels, similarity

        func text(_ value: Double) -> String {
            guard value.isFinite else { return "inf" }
            return value.decimals(self == .decibels ? 2 : 5)
        }
    }

    private func row(_ name: String, _ values: Values, _ number: Number) -> [String] {
        [name] + (values.byComponent + [values.all]).map { number.text($0) }
    }

    /// The first column to the left, numbers to the right.
    private static func aligned(_ rows: [[String]]) -> String {
        let widths = (0..<(rows.first?.count ?? 0)).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).enumerated().map { index, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return index == 0 ? cell.0 + padding : padding + cell.0
            }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }
}

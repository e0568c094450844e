internal import VideoTypes

// The two forms for people.
extension ProbeReport {
    private struct Row {
        let codec: String
        let encoder: String
        let format: String
        /// The layer modes that work, by bitrate mode.
        var modes: [BitrateMode: [String]] = [:]

        var cells: [String] {
            [codec, encoder, format] + BitrateMode.allCases.map { modes[$0]?.joined(separator: " ") ?? "-" }
        }
    }

    private static let header = ["codec", "encoder", "format"] + BitrateMode.allCases.map(\.rawValue)

    /// A row for each codec, encoder and format of which anything works.
    private var rows: [Row] {
        var rows: [Row] = []
        for entry in entries {
            guard let probe = entry.probe, entry.outcome.evidence != nil else { continue }
            let (codec, format) = (probe.codec.name, probe.pixelFormat.rawValue)
            if rows.last.map({ ($0.codec, $0.encoder, $0.format) == (codec, probe.encoder, format) }) != true {
                rows.append(Row(codec: codec, encoder: probe.encoder, format: format))
            }
            rows[rows.count - 1].modes[probe.bitrateMode, default: []].append(probe.scalabilityMode.description)
        }
        return rows
    }

    /// What does not work, each reason once: the encoder, what it is about, the reason.
    private var reasons: [[String]] {
        var (order, subjects): ([[String]], [[String]: [String]]) = ([], [:])
        for entry in entries {
            guard let reason = entry.outcome.reason else { continue }
            let key = [entry.probe?.encoder ?? entry.name, entry.outcome.label, reason]
            if subjects[key] == nil { order.append(key) }
            let subject = entry.probe.map {
                "\($0.pixelFormat.rawValue) \($0.bitrateMode.rawValue) \($0.scalabilityMode)"
            }
            subjects[key, default: []].append(subject ?? "")
        }
        return order.map { key in
            let all = subjects[key] ?? []
            let about = all.count > 1 ? "\(all[0]) and \(all.count - 1) more" : all.first ?? ""
            return [key[0], key[1], about, key[2]]
        }
    }

    /// Aligned columns.
    public var table: String {
        guard entries.contains(where: { $0.probe != nil }) else { return requirementLines }
        let failures = reasons.map { Self.line($0) + "\n" }.joined()
        return Self.aligned([Self.header] + rows.map(\.cells)) + (failures.isEmpty ? "" : "\n" + failures)
    }

    /// A reason that begins with its own label has it once.
    private static func line(_ cells: [String]) -> String {
        let (name, label, about, reason) = (cells[0], cells[1], cells[2], cells[3])
        return reason.hasPrefix(label) ? "\(name): \(reason) (\(about))" : "\(name): \(label), \(about): \(reason)"
    }

    private var requirementLines: String {
        entries.map { entry in
            guard let evidence = entry.outcome.evidence else {
                let (label, reason) = (entry.outcome.label, entry.outcome.reason ?? "")
                return reason.hasPrefix(label) ? "\(reason): \(entry.name)\n" : "\(label): \(entry.name): \(reason)\n"
            }
            let psnr = (evidence.psnr * 10).rounded() / 10
            let seen =
                "\(Quantity.count(evidence.frames, "frame")) by \(evidence.encoder) as \(evidence.codec), decoded with \(psnr) dB"
            return "supported: \(entry.name): \(seen)\(evidence.notice.map { "; \($0)" } ?? "")\n"
        }.joined()
    }

    /// GitHub's tables.
    public var markdown: String {
        func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }
        func rule(_ count: Int) -> String { "|" + String(repeating: "---|", count: count) + "\n" }
        guard entries.contains(where: { $0.probe != nil }) else {
            let lines = entries.map { line(["`\($0.name)`", $0.outcome.label, $0.outcome.reason ?? ""]) }
            return line(["requirement", "status", "reason"]) + rule(3) + lines.joined()
        }
        let works = line(Self.header) + rule(Self.header.count) + rows.map { line($0.cells) }.joined()
        let failures = reasons.map { line($0.map { $0.replacing("|", with: "\\|") }) }.joined()
        guard !failures.isEmpty else { return works }
        return works + "\n" + line(["encoder", "status", "what", "reason"]) + rule(4) + failures
    }

    private static func aligned(_ rows: [[String]]) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }
}

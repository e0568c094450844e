internal import Jobs
internal import VideoTypes

// The report as text: a summary, and a row for each unit.
extension StreamReport {
    /// The summary, and a row for each unit.
    public var table: String { summary + "\n" + sets + rows }

    private var summary: String {
        var facts: [(String, String)] = [
            (name.printable(), "\(format.printable()), \(profile)"),
            ("codec string", codecString),
            ("picture", "\(sizeWords), \(samples), \(colorWords)"),
            (
                "frames",
                "\(frames), \(shownWords)\(keyFrames) key, \(frameCounts), \(Quantity.decimals(framerate, 3)) a second"
            ),
            ("size", "\(Quantity.bytes(bytes)) in \(Quantity.time(Double(duration) / 1e6, digits: 3))"),
            ("bit rate", bitrates),
            ("header QP", quantizer.map { "\(Self.words($0, 1)) (\(quantizerScale))" } ?? "none"),
        ]
        if let layers = temporalLayers, layers.count > 1 {
            let counts = layers.sorted { $0.key < $1.key }.map { "\($0.value) of layer \($0.key)" }
            facts.append(("temporal layers", counts.joined(separator: ", ")))
        }
        if let psnr {
            facts.append(("PSNR", "\(Self.words(psnr, 2)) dB against \((source ?? "the source").printable())"))
        }
        facts.append(("level", levelWords))
        let width = facts.dropFirst().map(\.0.count).max() ?? 0
        return facts.enumerated().map { index, fact in
            index == 0 ? "\(fact.0): \(fact.1)\n" : "  \(padded(fact.0, -width))  \(fact.1)\n"
        }.joined()
    }

    private var frameCounts: String {
        [("I", InspectedUnit.PictureType.intra), ("P", .predicted), ("B", .bipredicted)]
            .map { name, type in "\(units.count { $0.type == type }) \(name)" }.joined(separator: " ")
    }

    private var bitrates: String {
        let target = targetBitrate.map { ", target \(Quantity.bitrate(Double($0)))" } ?? ""
        return
            "\(Quantity.bitrate(averageBitrate)) on average, \(Quantity.bitrate(peakBitrate)) in the busiest second\(target)"
    }

    static func words(_ range: Range, _ digits: Int) -> String {
        let (average, min, max) = (range.average, range.min, range.max)
        let bounds = [min, max].map { Quantity.decimals($0, $0 == $0.rounded() ? 0 : digits) }
        return "\(Quantity.decimals(average, digits)) on average, \(bounds[0]) to \(bounds[1])"
    }

    /// The verdict in one line, or a line for each thing that is too much.
    var levelWords: String {
        let lowest = level.lowestLevel.map { "level \($0) is enough" } ?? "no level is enough"
        guard let name = level.level else {
            guard codec != "VP8" else { return "VP8 has no levels" }
            return "the stream has no level; \(lowest)"
        }
        guard !level.excesses.isEmpty else { return "within level \(name); \(lowest)" }
        let list = level.excesses.map { "\n    \($0.subject): \(name) allows \($0.numbers)" }.joined()
        return "EXCEEDS level \(name); \(lowest)\(list)"
    }

    private var sets: String {
        let words = parameterSets.map { set in
            "  \(set.title)\(set.unit > 0 ? " (from unit \(set.unit) on)" : ""):"
                + set.fields.map { "\n    \($0.name): \($0.value)" }.joined() + "\n"
        }
        let omitted = parameterSetsOmitted > 0 ? "  and \(parameterSetsOmitted) more parameter sets\n" : ""
        return words.joined() + omitted + "\n"
    }

    private var rows: String {
        let columns = [
            ("unit", 7), ("time", 12), ("type", 4), ("key", 3), ("ref", 3), ("layer", 5), ("bytes", 9), ("QP", 5),
            ("range", 7),
        ]
        let hasPSNR = psnr != nil
        var lines = [
            columns.map { padded($0.0, $0.1) }.joined(separator: " ") + (hasPSNR ? "    PSNR" : "") + "  what it is"
        ]
        for unit in units {
            let values = cells(unit)
            let line = zip(values, columns).map { padded($0, $1.1) }.joined(separator: " ")
            let quality = hasPSNR ? padded(unit.psnr.map { " " + Quantity.decimals($0, 2) } ?? "-", 8) : ""
            lines.append("\(line)\(quality)  \(unit.words)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func cells(_ unit: InspectedUnit) -> [String] {
        let range = unit.quantizer.map { $0.min == $0.max ? "" : "\($0.min)-\($0.max)" } ?? ""
        return [
            "\(unit.index)", Quantity.decimals(Double(unit.timestamp) / 1e6, 6), unit.type.rawValue,
            unit.isKey ? "key" : "", unit.isReference ? "ref" : "", unit.temporalLayer.map { "\($0)" } ?? "-",
            "\(unit.size)", unit.quantizer.map { Quantity.decimals($0.average, 1) } ?? "-", range,
        ]
    }
}

extension InspectedUnit {
    /// The codec's name for it, and its parts.
    var words: String {
        let names = partNames + (isLeftOut ? " (left out by the edit list)" : "")
        return kind.isEmpty || names.hasPrefix(kind) ? names : "\(kind): \(names)"
    }

    /// `SPS, PPS, SEI, 4 slice`: the parts, of which those that follow each other are counted.
    var partNames: String {
        var runs: [(name: String, count: Int)] = []
        for part in parts {
            if runs.last?.name == part.name { runs[runs.count - 1].count += 1 } else { runs.append((part.name, 1)) }
        }
        let named = runs.prefix(12).map { $0.count == 1 ? $0.name : "\($0.count) \($0.name)" }
        return named.joined(separator: ", ") + (runs.count > 12 ? ", …" : "")
    }
}

/// Text in a column of this width; to the left where it is negative.
func padded(_ text: String, _ width: Int) -> String {
    let space = String(repeating: " ", count: max(0, abs(width) - text.count))
    return width < 0 ? text + space : space + text
}

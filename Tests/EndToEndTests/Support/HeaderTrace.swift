import Testing

/// The headers of a stream as ffmpeg's `trace_headers` reads them.
struct HeaderTrace {
    struct Section {
        let name: String
        var values: [String: Int] = [:]
    }

    let sections: [Section]

    var slices: [Section] { sections.filter { $0.name == "Slice Header" } }
    var pictureParameters: Section? { sections.last { $0.name == "Picture Parameter Set" } }
    var sequenceParameters: Section? { sections.last { $0.name == "Sequence Parameter Set" } }

    init(_ text: String) {
        var sections: [Section] = []
        for line in text.split(separator: "\n") where line.hasPrefix("[trace_headers") {
            let words = line.split(separator: "]", maxSplits: 1).last?.split(separator: " ") ?? []
            if words.count >= 4, words[words.count - 2] == "=", let value = Int(words[words.count - 1]) {
                if !sections.isEmpty { sections[sections.count - 1].values[String(words[1])] = value }
            } else {
                sections.append(Section(name: words.joined(separator: " ")))
            }
        }
        self.sections = sections
    }

    /// The quantizer of each slice, in coded order.
    var quantizers: [Int] {
        let initial = 26 + (pictureParameters?.values["pic_init_qp_minus26"] ?? 0)
        return slices.map { initial + ($0.values["slice_qp_delta"] ?? -99) }
    }

    /// `PPCCLL` of the codec string.
    var codec: String {
        let values = sequenceParameters?.values ?? [:]
        let flags = (0...5).reduce(0) { $0 << 1 | (values["constraint_set\($1)_flag"] ?? 0) } << 2
        return [values["profile_idc"] ?? 0, flags, values["level_idc"] ?? 0].map(Self.hexadecimal).joined()
    }

    private static func hexadecimal(_ byte: Int) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}

extension TemporaryFolder {
    func headers(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> HeaderTrace {
        let script = "ffmpeg -hide_banner -nostats -i \(name) -c copy -bsf:v trace_headers -f null -"
        return HeaderTrace(try succeed(script, sourceLocation: sourceLocation).errors)
    }
}

import Testing

/// One kind of damage to a stream.
private enum Damage: String, CaseIterable {
    case packet = "a packet is dropped"
    case slice = "a slice or a tile group is dropped"
    case bytes = "eight bytes are changed"
    case end = "the last tenth is cut off"

    /// Whether a stream can have it.
    func applies(to stream: DamagedStream) -> Bool { self != .slice || !["vp8", "vp9"].contains(stream.codec) }

    /// Whether the damage may be undetectable, by the documentation ("Damaged input"): changed bytes may decode to some
    /// picture, and HEVC's decoder accepts the rest of the last slice if no container stores its length.
    func mayStayHidden(in stream: DamagedStream) -> Bool {
        switch self {
        case .packet, .slice: false
        case .bytes: true
        case .end: stream.container == "hevc"
        }
    }
}

/// How the program takes a damaged file.
private enum Reading: CaseIterable {
    case decoding, decodingPart, encoding, encodingPart

    var flags: String { self == .decodingPart || self == .encodingPart ? "--accept-partial" : "" }
    var decodes: Bool { self == .decoding || self == .decodingPart }
}

/// The result.
private enum DamageOutcome: String, CaseIterable {
    case refused, told, same, hidden
}

/// The results of damage, for every codec in every container.
@Suite("The damage matrix")
struct DamageMatrixTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let streams: [DamagedStream] = DamagedStream.all.map { stream in
        var stream = stream
        switch stream.codec {
        case "h264": stream.flags = "-x264-params slices=2"
        case "hevc": stream.flags = DamagedStream.threeSlices
        case "av1": (stream.flags, stream.size) = ("-tiles 2x1 -aom-params num-tile-groups=2", "128x64")
        default: break
        }
        return stream
    }

    private static func damages(of stream: DamagedStream) -> [Damage] {
        Damage.allCases.filter { $0.applies(to: stream) }
    }

    @Test("The damage matrix has more than three hundred cases")
    func count() {
        let files = Self.streams.map { Self.damages(of: $0).count }.reduce(0, +)
        #expect(files * Reading.allCases.count >= 300)
    }

    @Test(
        "The damage matrix never gives other pictures without a message, if the damage is detectable",
        .mustEnd,
        arguments: streams
    )
    func matrix(stream: DamagedStream) throws {
        try stream.make(in: folder)
        let whole = try folder.framesOfOthers(stream.file)
        var counts: [DamageOutcome: Int] = [:]
        for damage in Self.damages(of: stream) {
            let name = try damaged(stream, damage)
            let decoded = try decode(name, stream, damage, whole)
            let outcomes = try Reading.allCases.map { reading in
                reading.decodes ? decoded[reading == .decoding ? 0 : 1] : try encode(name, stream, reading, decoded[0])
            }
            for (reading, outcome) in zip(Reading.allCases, outcomes) {
                counts[outcome, default: 0] += 1
                let place = "\(stream), \(damage.rawValue), \(reading)"
                #expect(outcome != .hidden || damage.mayStayHidden(in: stream), "\(place)")
            }
        }
        print(
            "damage matrix, \(stream):",
            DamageOutcome.allCases.map { "\($0) \(counts[$0] ?? 0)" }.joined(separator: ", ")
        )
    }

    @Test(
        "The damage matrix names the missing tile of AV1, and keeps the frames before it",
        .mustEnd,
        arguments: ["obu", "webm"]
    )
    func tileGroup(container: String) throws {
        let stream = try #require(Self.streams.first { $0.codec == "av1" && $0.container == container })
        try stream.make(in: folder)
        let name = try droppingTileGroup(of: stream)
        let whole = try folder.framesOfOthers(stream.file)
        let words = "a frame ends before its tile 1"
        try folder.fail("sluice decode \(name) \(stream.rate) -o x.yuv", status: 65, saying: words)
        let options = "\(stream.rate) --accept-partial --format framehash"
        let kept = try folder.succeed("sluice decode \(name) \(options) -o -")
        #expect(TemporaryFolder.hashes(kept.text) == Array(whole.prefix(12)))
    }

    /// A damaged copy of the stream.
    private func damaged(_ stream: DamagedStream, _ damage: Damage) throws -> String {
        switch damage {
        case .packet: return try stream.dropping(12, in: folder)
        case .slice where stream.codec == "av1": return try droppingTileGroup(of: stream)
        case .slice: return try stream.droppingSlice(30, in: folder)
        case .bytes:
            var bytes = try folder.bytes(stream.file)
            for place in bytes.count * 5 / 8..<bytes.count * 5 / 8 + 8 { bytes[place] ^= 0x5A }
            try folder.write(bytes, to: "bytes.\(stream.container)")
            return "bytes.\(stream.container)"
        case .end:
            let bytes = try folder.bytes(stream.file)
            var end = bytes.count * 9 / 10
            // Not by chance between two packets.
            if stream.container == "ts", end % 188 == 0 { end += 94 }
            try folder.write(Array(bytes[..<end]), to: "cut.\(stream.container)")
            return "cut.\(stream.container)"
        }
    }

    private func droppingTileGroup(of stream: DamagedStream) throws -> String {
        try folder.succeed("ffmpeg -v error -y -i \(stream.file) -c copy -f obu whole.obu")
        var units = OpenUnits.split(try folder.bytes("whole.obu"))
        let groups = units.indices.filter { OpenUnits.isTileGroup(units[$0]) }
        try #require(groups.count > 30)
        units.remove(at: groups[25])
        try folder.write(units.flatMap { $0 }, to: "slice.obu")
        if stream.container != "obu" {
            try folder.succeed("ffmpeg -v quiet -y -framerate 25 -i slice.obu -c copy slice.\(stream.container)")
        }
        return "slice.\(stream.container)"
    }

    /// Decodes it, strictly and in part.
    private func decode(
        _ name: String,
        _ stream: DamagedStream,
        _ damage: Damage,
        _ whole: [String]
    ) throws -> [DamageOutcome] {
        try [Reading.decoding, .decodingPart].map { reading in
            let options = "\(stream.rate) \(reading.flags) --json --format framehash"
            let outcome = try folder.run("sluice decode \(name) \(options) -o x --overwrite")
            guard try hasOutput(outcome, name) else { return .refused }
            let kept = TemporaryFolder.hashes(try folder.text("x"))
            if kept == whole { return .same }
            // Pictures may be wrong before the position at which changed bytes are detected, and if frames are reported
            // missing.
            let isDoubtful = damage == .bytes || outcome.errors.contains("may be missing")
            let isWhole = isDoubtful || !isPartial(outcome) || kept.allSatisfy { whole.contains($0) }
            #expect(isWhole, "\(stream), \(damage.rawValue): what is kept is whole")
            return isTold(outcome) ? .told : .hidden
        }
    }

    private func encode(
        _ name: String,
        _ stream: DamagedStream,
        _ reading: Reading,
        _ decoded: DamageOutcome
    ) throws -> DamageOutcome {
        let options = "\(stream.rate) --input-format media --preset ultrafast --threads 1 \(reading.flags) --json"
        let outcome = try folder.run("sluice encode \(name) \(options) -o x.mp4 --overwrite")
        guard try hasOutput(outcome, name) else { return .refused }
        return decoded == .same ? .same : isTold(outcome) ? .told : .hidden
    }

    private func hasOutput(_ outcome: Outcome, _ name: String) throws -> Bool {
        if outcome.ending == .exited(65) { return false }
        try #require(outcome.ending == .exited(0), "\(name): \(outcome.errors)")
        return true
    }

    private func isPartial(_ outcome: Outcome) -> Bool { outcome.text.contains(#""status":"partial""#) }

    private func isTold(_ outcome: Outcome) -> Bool {
        isPartial(outcome) || outcome.errors.contains("may be missing")
    }
}

/// The open bitstream units of AV1 in the low-overhead format, each with its header.
private enum OpenUnits {
    static func split(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var (units, rest) = ([ArraySlice<UInt8>](), bytes[...])
        while let first = rest.first {
            let header = first & 4 == 0 ? 1 : 2
            let coded = rest.dropFirst(header).prefix(8)
            let length = coded.prefix { $0 & 0x80 != 0 }.count + 1
            let size = coded.prefix(length).reversed().reduce(0) { $0 << 7 | Int($1 & 0x7F) }
            units.append(rest.prefix(header + length + size))
            rest = rest.dropFirst(header + length + size)
        }
        return units
    }

    static func isTileGroup(_ unit: ArraySlice<UInt8>) -> Bool { (unit.first ?? 0) >> 3 & 15 == 4 }
}

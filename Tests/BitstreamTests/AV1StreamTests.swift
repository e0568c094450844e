import Bitstream
import TestSupport
import Testing
import VideoTypes

@Suite("Streams of AV1")
struct AV1StreamTests {
    static let recipes: [(encoder: String, size: String, pixelFormat: String)] = [
        ("libaom-av1 -cpu-used 8 -crf 30", "96x64", "yuv420p"),
        ("libaom-av1 -cpu-used 8 -crf 20 -lag-in-frames 25 -aom-params error-resilient=1", "96x64", "yuv420p10le"),
        ("libaom-av1 -cpu-used 8 -crf 20 -usage realtime -tiles 4x2", "640x256", "yuv420p"),
        ("aomenc --cpu-used=8 --superres-mode=1 --superres-denominator=12 --i444", "160x96", "yuv444p"),
        ("aomenc --cpu-used=8 --resize-mode=1 --resize-denominator=12 --sb-size=128 --profile=2", "192x128", "yuv422p"),
        ("libsvtav1 -preset 8 -crf 35", "128x96", "yuv420p"),
    ]

    @Test(
        "Streams of AV1 have the quantizers, types, sizes and tiles in their frame headers that FFmpeg reads",
        arguments: recipes
    )
    func frameHeaders(encoder: String, size: String, pixelFormat: String) throws {
        let stream = try AV1Stream(encoder, size: size, pixelFormat: pixelFormat, frames: 20)
        var reader = AV1FrameHeaderReader()
        let headers = try stream.units.flatMap { try reader.read($0) }
        let traced = try stream.trace().filter { $0["show_existing_frame"] != nil }
        #expect(headers.map(\.showsExisting) == traced.map { $0["show_existing_frame"] == 1 })
        let coded = headers.filter { !$0.showsExisting }
        let others = traced.filter { $0["show_existing_frame"] == 0 }
        try #require(coded.count == others.count && coded.count > 2)
        #expect(coded.map(\.baseQuantizerIndex) == others.map { $0["base_q_idx"] })
        #expect(coded.map { $0.type?.rawValue } == others.map { $0["frame_type"] })
        #expect(coded.map(\.isShown) == others.map { $0["show_frame"] == 1 })
        #expect(headers.allSatisfy { $0.baseQuantizerIndex != nil && $0.size != nil })
    }

    @Test("Streams of AV1 have the sequence header that FFmpeg reads", arguments: recipes)
    func sequenceHeaders(encoder: String, size: String, pixelFormat: String) throws {
        let stream = try AV1Stream(encoder, size: size, pixelFormat: pixelFormat, frames: 2)
        let header = try AV1SequenceHeader(parsing: stream.sequenceHeader.payload)
        let traced = try #require(stream.trace().first { $0["seq_profile"] != nil })
        #expect(header.profile == traced["seq_profile"])
        #expect(header.operatingPoints[0].level == traced["seq_level_idx[0]"])
        #expect("\(header.maxFrameWidth)x\(header.maxFrameHeight)" == size)
        #expect(header.color.bitDepth == (pixelFormat.hasSuffix("10le") ? 10 : 8))
        #expect(header.color.chroma == ["0": .yuv420, "2": .yuv422, "4": .yuv444][pixelFormat.dropFirst(5).prefix(1)])
        #expect(header.usesLargeSuperblocks == (traced["use_128x128_superblock"] == 1))
        #expect(header.enablesSuperres == (traced["enable_superres"] == 1))
    }

    @Test("Streams of AV1 are the same after a way through Annex B, whose sizes FFmpeg takes", arguments: recipes)
    func annexB(encoder: String, size: String, pixelFormat: String) throws {
        let stream = try AV1Stream(encoder, size: size, pixelFormat: pixelFormat)
        let bytes = stream.units.flatMap(\.annexB)
        var (rest, units) = (bytes[...], [AV1TemporalUnit]())
        while !rest.isEmpty {
            let (unit, length) = try AV1TemporalUnit.readAnnexB(rest)
            units.append(unit)
            rest = rest.dropFirst(length)
        }
        #expect(units.map(\.bytes) == stream.units.map(\.bytes))
        for unit in stream.units {
            #expect(unit.frameUnits.allSatisfy { $0.filter { $0.type.beginsFrame }.count == 1 })
            #expect(unit.frameUnits.first?.first?.type == .temporalDelimiter)
        }
        let folder = try TemporaryFolder()
        try folder.write(bytes, to: "annexb.obu")
        try folder.write(stream.units.flatMap(\.bytes), to: "section5.obu")
        // FFmpeg's demuxer of Annex B is called av1.
        let hashes = try [("av1", "annexb.obu"), ("obu", "section5.obu")].map {
            try folder.run("ffmpeg", ["-v", "error", "-xerror", "-f", $0, "-i", $1, "-f", "framemd5", "-"]).output
        }
        #expect(hashes[0] == hashes[1] && hashes[0].contains(size))
    }

    @Test("Streams of AV1 lose nothing but temporal delimiters for samples of a file")
    func samples() throws {
        let stream = try AV1Stream("libaom-av1 -cpu-used 8")
        for unit in stream.units {
            let sample = unit.withoutTemporalDelimiters
            #expect(sample.bytes == Array(unit.bytes.dropFirst(2)))
            #expect(unit.bytes.prefix(2) == [0x12, 0])
        }
    }
}

@Suite("Sequence headers of AV1")
struct AV1SequenceHeaderTests {
    @Test(
        "Sequence headers of AV1 take any level and tier, and change nothing else, which FFmpeg confirms",
        arguments: [(0, AV1CodecString.Tier.main), (5, .main), (8, .main), (9, .high), (19, .high), (31, .main)]
    )
    func rewriting(level: Int, tier: AV1CodecString.Tier) throws {
        let stream = try AV1Stream("libaom-av1 -cpu-used 8 -usage realtime", frames: 3)
        let old = try stream.sequenceHeader
        let payload = try AV1SequenceHeader.rewriting(old.payload, level: level, tier: tier)
        let header = try AV1SequenceHeader(parsing: payload[...])
        #expect(
            header.codecString().description
                == AV1CodecString(profile: 0, level: level, tier: tier, bitDepth: 8).description
        )
        var units = stream.units
        let place = try #require(units[0].obus.firstIndex { $0.type == .sequenceHeader })
        units[0].obus[place] = OBU(.sequenceHeader, payload: payload[...])
        let folder = try TemporaryFolder()
        try folder.write(stream.units.flatMap(\.bytes), to: "old.obu")
        try folder.write(units.flatMap(\.bytes), to: "new.obu")
        let hashes = try ["old.obu", "new.obu"].map {
            try folder.run("ffmpeg", ["-v", "error", "-xerror", "-f", "obu", "-i", $0, "-f", "framemd5", "-"]).output
        }
        #expect(hashes[0] == hashes[1])
        let back = try AV1SequenceHeader.rewriting(payload[...], level: header.operatingPoints[0].level, tier: tier)
        #expect(back == payload)
    }

    @Test(
        "Sequence headers of AV1 make the av1C record that FFmpeg makes",
        arguments: ["yuv420p", "yuv420p10le", "yuv444p", "yuv422p", "gray"]
    )
    func record(pixelFormat: String) throws {
        let folder = try TemporaryFolder()
        let source = [
            "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=64x48", "-frames:v", "2", "-pix_fmt", pixelFormat,
        ]
        try folder.run("ffmpeg", source + ["-c:v", "libaom-av1", "-cpu-used", "8", "a.mp4"])
        try folder.run(
            "ffmpeg",
            ["-v", "error", "-i", "a.mp4", "-c", "copy", "-bsf:v", "av1_metadata=td=insert", "-f", "obu", "a.obu"]
        )
        let file = try folder.bytes(of: "a.mp4")
        let name = Array("av1C".utf8)
        let place = try #require(file.indices.first { file[$0...].starts(with: name) })
        let size = file[place - 4..<place].reduce(0) { $0 << 8 | Int($1) }
        let theirs = Array(file[place + 4..<place + size - 4])
        let unit = try AV1TemporalUnit(parsing: folder.bytes(of: "a.obu"))
        let record = try AV1CodecConfigurationRecord(#require(unit.sequenceHeader))
        #expect(record.bytes == theirs)
        #expect(try AV1CodecConfigurationRecord(parsing: theirs) == record)
    }
}

@Suite("Levels of AV1")
struct AV1LevelTests {
    @Test("Levels of AV1 grow in every respect")
    func growing() {
        for (low, high) in zip(AV1Level.all, AV1Level.all.dropFirst()) {
            #expect(low.index < high.index && low.maxDecodeRate <= high.maxDecodeRate)
            #expect(low.maxPictureSize <= high.maxPictureSize && low.maxDisplayRate <= high.maxDisplayRate)
            #expect(low.mainBitrate <= high.mainBitrate && low.maxTiles <= high.maxTiles)
            #expect(low.maxDisplayRate < low.maxDecodeRate)
        }
        #expect(
            AV1Level.all.map(\.name).joined(separator: " ") == "2.0 2.1 3.0 3.1 4.0 4.1 5.0 5.1 5.2 5.3 6.0 6.1 6.2 6.3"
        )
    }

    @Test("Levels of AV1 are chosen for the sizes and rates that they are known by")
    func known() {
        for (width, height, rate, level) in [
            (1280, 720, 30, "3.1"), (1920, 1080, 30, "4.0"), (1920, 1080, 60, "4.1"), (3840, 2160, 30, "5.0"),
            (3840, 2160, 60, "5.1"), (7680, 4320, 30, "6.0"), (7680, 4320, 60, "6.1"), (64, 2000, 1, "3.0"),
        ] {
            let size = PictureSize(width: width, height: height)
            let needs = AV1LevelNeeds(size: size, framerate: FrameRate(rate))
            #expect(needs.lowestLevel?.name == level)
        }
    }
}

@Suite("Random and damaged AV1")
struct AV1RobustnessTests {
    @Test("Random and damaged AV1 is an error or a value, and never a trap", .timeLimit(.minutes(2)))
    func neverTraps() throws {
        var random = SeededGenerator(for: "AV1RobustnessTests")
        let streams = try AV1StreamTests.recipes.map {
            try AV1Stream($0.encoder, size: $0.size, pixelFormat: $0.pixelFormat, frames: 4).units.map(\.bytes)
        }
        var (refused, inputs) = (0, 0)
        for _ in 0..<400 {
            var reader = AV1FrameHeaderReader()
            for bytes in streams.randomElement(using: &random) ?? [] {
                let damaged = damage(bytes, &random)
                inputs += 1
                do { try readAll(damaged, &reader) } catch {
                    refused += 1
                    #expect(error is BitstreamError)
                }
            }
        }
        print("\(refused) of \(inputs) damaged temporal units refused")
        #expect(refused > 0 && refused < inputs)
    }

    private func damage(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = Array(bytes.prefix(300))
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            guard let place = bytes.prefix(60).indices.randomElement(using: &random) else { break }
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[place] = .random(in: 0...255, using: &random)
            case 2: bytes.remove(at: place)
            default: bytes.insert(.random(in: 0...255, using: &random), at: place)
            }
        }
        return bytes
    }

    private func readAll(_ bytes: [UInt8], _ reader: inout AV1FrameHeaderReader) throws {
        _ = try? AV1TemporalUnit.readAnnexB(bytes[...])
        _ = try? AV1CodecConfigurationRecord(parsing: bytes)
        _ = try? AV1SequenceHeader(parsing: bytes.dropFirst(4))
        var rest = bytes[...]
        // The OBUs by hand: the last one is cut off.
        while let first = rest.first {
            let header = first & 4 == 0 ? 1 : 2
            let (size, length) = try LEB128.read(rest.dropFirst(header), "obu_size")
            let payload = rest.dropFirst(header + length).prefix(size)
            _ = try? AV1SequenceHeader.rewriting(payload, level: 9, tier: .high)
            _ = try reader.read(OBU(OBUType(rawValue: first >> 3), payload: payload))
            rest = rest.dropFirst(header + length + size)
        }
        _ = try AV1TemporalUnit(parsing: bytes)
    }
}

import Bitstream
import TestSupport
import Testing

@Suite("A rewritten sequence parameter set")
struct RewritingTests {
    /// The stream with every sequence parameter set rewritten.
    private func rewrite(_ stream: TestStream, profile: UInt8, constraints: UInt8, level: UInt8) throws -> [UInt8] {
        try stream.nalUnits.flatMap { nalUnit in
            let isSPS = try NALUnitHeader(parsing: nalUnit).type == .sequenceParameterSet
            let unit =
                isSPS
                ? try SequenceParameterSet.rewriting(
                    Array(nalUnit),
                    profileIdc: profile,
                    constraints: constraints,
                    levelIdc: level
                ) : Array(nalUnit)
            return [0, 0, 0, 1] + unit
        }
    }

    private func frameHashes(_ stream: TestStream, _ name: String) throws -> [String] {
        try stream.folder.pictureDigests(of: name)
    }

    @Test(
        "A rewritten sequence parameter set decodes as before, with the requested profile and level",
        arguments: [
            ("--profile baseline --preset ultrafast", 100, 0, 31, "High"),
            ("--profile baseline --preset ultrafast", 77, 0x40, 30, "Main"),
            ("--profile baseline --preset ultrafast", 110, 0, 31, "High 10"),
            ("--profile main --preset medium", 100, 0, 31, "High"),
            (
                "--profile main --bitrate 300 --vbv-maxrate 300 --vbv-bufsize 300 --nal-hrd vbr", 122, 0, 40,
                "High 4:2:2"
            ),
            ("--profile main --tff", 244, 0, 40, "High 4:4:4 Predictive"),
            ("--profile high", 100, 0, 42, "High"),
        ] as [(String, UInt8, UInt8, UInt8, String)]
    )
    func decodes(options: String, profile: UInt8, constraints: UInt8, level: UInt8, name: String) throws {
        let stream = try TestStream(.init(options))
        let rewritten = try rewrite(stream, profile: profile, constraints: constraints, level: level)
        try stream.folder.write(rewritten, to: "b.h264")
        #expect(try frameHashes(stream, "a.h264") == frameHashes(stream, "b.h264"))
        #expect(try frameHashes(stream, "b.h264").count == 16)
        #expect(try stream.probe("profile", of: "b.h264") == name)
        #expect(try stream.probe("level", of: "b.h264") == "\(level)")
        let trace = try stream.trace(of: "b.h264", types: [7])
        #expect(trace.allSatisfy { $0["rbsp_stop_one_bit"] == 1 && $0["profile_idc"] == Int(profile) })
    }

    @Test(
        "A rewritten sequence parameter set is restored bit by bit",
        arguments: [
            "--profile baseline",
            "--profile main --tff --nal-hrd cbr --bitrate 300 "
                + "--vbv-maxrate 300 --vbv-bufsize 300", "--profile main --sar 1001:1000 --fps 30000/1001",
        ]
    )
    func roundTrip(options: String) throws {
        let original = try TestStream(.init(options)).first(.sequenceParameterSet)
        let sps = try SequenceParameterSet(parsing: original)
        let high = try SequenceParameterSet.rewriting(original, profileIdc: 100, constraints: 0, levelIdc: 0)
        #expect(high != original)
        let back = try SequenceParameterSet.rewriting(
            high,
            profileIdc: sps.profileIdc,
            constraints: sps.constraints,
            levelIdc: sps.levelIdc
        )
        #expect(back == original)
    }

    @Test(
        "A rewritten sequence parameter set allows gaps in frame_num or does not, as asked, and is the same otherwise",
        arguments: [
            (.init("--profile baseline"), 66), (.init("--profile main --tff"), 100),
            (.init("--profile high444", pixelFormat: "yuv444p"), 244),
            (.init("--output-depth 10 --profile high10", pixelFormat: "yuv420p10"), 110),
            (.init("--profile high --nal-hrd vbr --bitrate 300 --vbv-maxrate 300 --vbv-bufsize 300"), 77),
        ] as [(TestStream.Recipe, UInt8)]
    )
    func gaps(recipe: TestStream.Recipe, profile: UInt8) throws {
        func rewrite(_ sps: [UInt8], gaps: Bool?) throws -> [UInt8] {
            try SequenceParameterSet.rewriting(
                sps,
                profileIdc: profile,
                constraints: 0,
                levelIdc: 40,
                gapsInFrameNumAllowed: gaps
            )
        }
        let stream = try TestStream(recipe)
        let plain = try rewrite(stream.first(.sequenceParameterSet), gaps: nil)
        let gapped = try rewrite(plain, gaps: true)
        #expect(try SequenceParameterSet(parsing: gapped).gapsInFrameNumAllowed)
        #expect(try rewrite(gapped, gaps: nil) == gapped)
        #expect(try rewrite(gapped, gaps: false) == plain)
        let bits = zip(EmulationPrevention.unescape(plain), EmulationPrevention.unescape(gapped)).map { $0 ^ $1 }
        #expect(bits.map(\.nonzeroBitCount).reduce(0, +) == 1, "one bit is another")
        let units = stream.nalUnits.map { $0[$0.startIndex] & 31 == 7 ? gapped : Array($0) }
        try stream.folder.write(units.flatMap { [0, 0, 0, 1] + $0 }, to: "b.h264")
        let trace = try stream.trace(of: "b.h264", types: [7])
        #expect(trace.first?["gaps_in_frame_num_allowed_flag"] == 1)
        #expect(trace.first?["rbsp_stop_one_bit"] == 1)
    }

    @Test("A rewritten sequence parameter set keeps every other field")
    func fields() throws {
        let original = try TestStream(.init("--profile main --tff --range pc", size: "202x116"))
            .first(.sequenceParameterSet)
        let before = try SequenceParameterSet(parsing: original)
        let rewritten = try SequenceParameterSet.rewriting(original, profileIdc: 100, constraints: 4, levelIdc: 51)
        let after = try SequenceParameterSet(parsing: rewritten)
        #expect((after.profileIdc, after.constraints, after.levelIdc) == (100, 4, 51))
        #expect((after.geometry, after.vui) == (before.geometry, before.vui))
        #expect(after.sampleFormat == .default)
        #expect(after.pictureOrderCount == before.pictureOrderCount)
    }

    @Test(
        "A rewritten sequence parameter set is refused where the profile cannot have the stream's samples",
        arguments: [
            (.init("--profile high422", pixelFormat: "yuv422p"), [66, 77, 88, 100, 110]),
            (.init("--profile high444", pixelFormat: "yuv444p"), [66, 77, 88, 100, 110, 122]),
            (.init("--output-depth 10 --profile high10", pixelFormat: "yuv420p10"), [66, 77, 88, 100]),
            (.init("--profile high444 --qp 0"), [66, 77, 88, 100, 110, 122]),
            (.init("--profile high", pixelFormat: "gray"), [66, 77, 88]),
        ] as [(TestStream.Recipe, [UInt8])]
    )
    func refused(recipe: TestStream.Recipe, profiles: [UInt8]) throws {
        let sps = try TestStream(recipe).first(.sequenceParameterSet)
        for profile in profiles {
            let error = #expect(throws: BitstreamError.self) {
                try SequenceParameterSet.rewriting(sps, profileIdc: profile, constraints: 0, levelIdc: 40)
            }
            #expect(error?.reason == .unsupported)
        }
    }

    @Test("A rewritten sequence parameter set is refused where a scaling matrix would be lost")
    func scalingMatrix() throws {
        var writer = BitWriter()
        for byte in [0x67, 100, 0, 40] as [UInt32] { writer.bits(byte, count: 8) }
        for value in [0, 1, 0, 0] as [UInt32] { writer.ue(value) }
        writer.bits(0b0_1_0000_0000, count: 10)
        for value in [0, 2, 1] as [UInt32] { writer.ue(value) }
        writer.flag(false)
        for value in [1, 1] as [UInt32] { writer.ue(value) }
        writer.bits(0b1100, count: 4)
        writer.trailingBits()
        let sps = EmulationPrevention.escape(writer.bytes)
        #expect(try SequenceParameterSet(parsing: sps).sampleFormat.hasScalingMatrix)
        #expect(throws: BitstreamError.self) {
            try SequenceParameterSet.rewriting(sps, profileIdc: 77, constraints: 0, levelIdc: 40)
        }
        #expect(throws: Never.self) {
            try SequenceParameterSet.rewriting(sps, profileIdc: 110, constraints: 0, levelIdc: 40)
        }
    }
}

import EncoderCore
import Testing
import VideoTypes

@Suite("A table of options")
struct OptionTableTests {
    private enum Place { case field, control }

    private static let table = OptionTable<Place>(
        "libfake",
        spelling: .loose(aliases: ["reference": "ref"]),
        [
            .passed("ref", .whole(1...16), to: .field),
            .passed("psy-rd", .numbers(0...2.5), to: .control),
            .passed("tune", .names(["psnr", "ssim"]), to: .control),
            .passed("even", .form("an even number") { Int($0).map { $0 % 2 == 0 } ?? false }, to: .control),
            .passed("free", to: .control),
            .passed("rate", to: .field, needs: [.bitrate]),
            .passed("boost", to: .field, needs: [.constantBitrate]),
            .passed("buffer", to: .field, needs: [.freeBuffer]),
            .passed("min-q max-q", .whole(0...63), to: .field, needs: [.freeQuantizer]),
            .passed("sao", to: .field, needs: [.lossy]),
            .passed("refine", to: .field, needs: [.on("free"), .bitrate]),
            .passed("wedge", to: .field, needs: [.on("masked", isDefault: true)]),
            .passed("masked", to: .control),
            .refused("crf quality", use: "constantQuality"),
            .refused("stats", because: "it works on other files"),
            // The first row of a name counts.
            .refused("free", because: "never reached"),
        ]
    )

    private func settings(
        _ options: [(String, String)],
        in table: OptionTable<Place> = table,
        change: (inout EncoderConfig) -> Void = { _ in }
    ) throws -> [OptionSetting<Place>] {
        var config = EncoderConfig(codec: .lowest(.h264), width: 64, height: 64)
        config.encoderOptions = options.map { EncoderOption(key: $0.0, value: $0.1) }
        change(&config)
        return try table.settings(ValidatedEncoderConfig(config))
    }

    private func refusal(_ key: String, _ value: String, change: (inout EncoderConfig) -> Void = { _ in }) -> String {
        do { _ = try settings([(key, value)], change: change) } catch { return "\(error)" }
        return ""
    }

    private func error(_ key: String, change: (inout EncoderConfig) -> Void = { _ in }) throws -> EncoderConfigError {
        try #require(throws: EncoderConfigError.self) { _ = try settings([(key, "1")], change: change) }
    }

    @Test("A table of options gives those that are passed on in their order, with places, first names and numbers")
    func passed() throws {
        let found = try settings([("tune", "ssim"), ("reference", "3"), ("no_psy_rd", "1"), ("free", "x")])
        #expect(found.map(\.name) == ["tune", "ref", "psy-rd", "free"])
        #expect(found.map(\.place) == [.control, .field, .control, .control])
        #expect(found.map(\.number) == [1, 3, nil, nil])
        #expect(found.map(\.option.key) == ["tune", "reference", "no_psy_rd", "free"])
    }

    @Test(
        "A table of options refuses a value that an option does not have, and names those that it has",
        arguments: [
            ("ref", "17", "a number in 1...16"), ("ref", "true", "a number in 1...16"),
            ("psy-rd", "2.6", "a number in 0...2.5"), ("psy-rd", "1:2:1", "a number in 0...2.5"),
            ("tune", "vmaf", "psnr or ssim"), ("even", "3", "an even number"),
        ]
    )
    func malformed(key: String, value: String, expected: String) {
        #expect(refusal(key, value) == "invalid encoder option \(key) \"\(value)\" (expected \(expected))")
    }

    @Test(
        "A table of options takes the values at the ends of a range, two numbers, and words for on and off",
        arguments: [("ref", "1"), ("ref", "16"), ("psy-rd", "0:2.5"), ("psy-rd", "auto"), ("even", "4"), ("free", "")]
    )
    func wellFormed(key: String, value: String) { #expect(refusal(key, value) == "") }

    @Test("A table of options refuses what is a setting's with the setting, as a conflict")
    func refused() throws {
        #expect(try error("quality") == .conflict("encoder option quality=1 is not passed on: use constantQuality"))
        #expect(try error("stats") == .conflict("encoder option stats=1 is not passed on: it works on other files"))
    }

    @Test("A table of options refuses what it does not know with the nearest names, unless others are passed on")
    func unknown() throws {
        #expect(try error("tun") == .unknownOption(encoder: "libfake", key: "tun", nearest: ["tune"]))
        #expect(refusal("referense", "1") == "libfake has no option \"referense\" (did you mean reference?)")
        let open = OptionTable<Place>("libfake", others: .control, [.refused("crf", use: "constantQuality")])
        #expect(try settings([("tun", "1")], in: open).map(\.place) == [.control])
        #expect(throws: EncoderConfigError.self) { _ = try settings([("crf", "1")], in: open) }
        // Names are exact here.
        #expect(try settings([("no-crf", "1")], in: open).map(\.name) == ["no-crf"])
    }

    @Test("A table of options refuses an option without effect as unsupported, with what it needs")
    func needs() throws {
        #expect(try error("rate") == .unsupported("encoder option rate=1 has no effect without a bitrate"))
        #expect(refusal("rate", "1") { $0.bitrate = 100_000 } == "")
        #expect(refusal("boost", "1").hasSuffix("has no effect without bitrateMode constant"))
        #expect(refusal("refine", "1") == "encoder option refine=1 has no effect without free=1")
        #expect(throws: Never.self) {
            try settings([("refine", "1"), ("free", "1")]) { $0.bitrate = 100_000 }
        }
        #expect(throws: EncoderConfigError.self) { try settings([("wedge", "1"), ("no-masked", "1")]) }
        #expect(refusal("wedge", "1") == "")
    }

    @Test("A table of options refuses an option that undoes another setting, which it names")
    func contradictions() {
        let constant = refusal("buffer", "1") { ($0.bitrateMode, $0.bitrate) = (.constant, 100_000) }
        #expect(constant == "encoder option buffer=1 contradicts bitrateMode constant, which sets it")
        let fixed = refusal("max-q", "9") { ($0.bitrateMode, $0.quantizer) = (.quantizer, 20) }
        #expect(fixed == "encoder option max-q=9 contradicts bitrateMode quantizer, which fixes the quantizer")
        #expect(refusal("sao", "1") { $0.lossless = true } == "encoder option sao=1 contradicts lossless")
        #expect(refusal("sao", "1") == "")
    }
}

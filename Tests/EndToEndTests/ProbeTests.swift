import Foundation
import Testing

@Suite("sluice probe")
struct ProbeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "sluice probe exits with 0 for a supported configuration, and names the encoder",
        .mustEnd,
        arguments: [
            ("vp8@64x48p30", "libvpx"), ("h264@64x48p30", "libx264"), ("avc1.640028@320x240p30", "libx264"),
            ("hvc1.2.4.L93.B0@320x240p30", "libx265"), ("vp09.02.10.10@64x48p30000/1001", "libvpx"),
            ("av01.0.08M.10@320x240p30", "libaom"),
            ("av01.0.08M.10@320x240p30,scalabilityMode=L1T3,bitrateMode=quantizer,encoder=libaom", "libaom"),
            ("vp09.00.10.08@64x48p23.976,latencyMode=realtime,bitrate=200000,bitrateMode=constant", "libvpx"),
            ("av1@64x64p30,encoder=libsvtav1", "libsvtav1"),
        ]
    )
    func supported(requirement: String, encoder: String) throws {
        let outcome = try folder.succeed("sluice probe --require '\(requirement)'")
        #expect(outcome.text.hasPrefix("supported: \(requirement): "))
        #expect(outcome.text.contains("by \(encoder)") && outcome.text.contains("dB"))
        #expect(outcome.errors == "")
    }

    @Test(
        "sluice probe exits with 69 for an unsupported configuration, with the reason",
        .mustEnd,
        arguments: [
            ("avc1.42001E@1920x1080p30", "use level 4.0"),
            ("vp9@64x48p30,scalabilityMode=L2T1", "L1T1, L1T2 or L1T3"),
            ("hvc1.1.6.L120.B0@640x360p30,scalabilityMode=L1T2", "libx265"), ("vp8@64x48p30,alpha=maybe", "alpha"),
            ("vp8@64x48p30,bitDepth=10", "10"), ("theora@64x48p30", "theora"), ("h264@33x17p30", "odd"),
        ]
    )
    func unsupported(requirement: String, words: String) throws {
        let status: Int32 = requirement.contains("maybe") ? 64 : 69
        let outcome = try folder.fail("sluice probe --require '\(requirement)'", status: status)
        #expect((outcome.text + outcome.errors).contains(words), "\(outcome.text) \(outcome.errors)")
        if status == 69 { #expect(outcome.text.hasPrefix("unsupported: \(requirement): ")) }
    }

    @Test(
        "sluice probe finds every hardware encoder unusable on a machine without any",
        .enabled(if: !FileManager.default.fileExists(atPath: "/dev/dri")),
        .mustEnd,
        arguments: [
            ("avc1.640028@1920x1080p30", "h264_nvenc"), ("h264@64x48p30", "h264_vaapi"), ("h264@64x48p30", "h264_qsv"),
            ("h264@64x48p30,bitrate=1000000", "h264_v4l2m2m"), ("hevc@64x64p30", "hevc_nvenc"),
            ("vp9@64x64p30", "vp9_vaapi"),
        ]
    )
    func hardware(requirement: String, encoder: String) throws {
        let outcome = try folder.fail("sluice probe --require '\(requirement),encoder=\(encoder)'", status: 69)
        #expect(outcome.text.hasPrefix("unsupported: \(requirement),encoder=\(encoder): \(encoder)"), "\(outcome.text)")
        let reason = outcome.text.split(separator: ": ").dropFirst(2).joined()
        #expect(reason.count > encoder.count + 15, "\(reason)")
    }

    @Test(
        "sluice probe exits with 64 for an invalid configuration",
        .mustEnd,
        arguments: [
            "garbage", "", "avc1.640028@0x1080p30", "avc1.640028@1920x1080", "avc1.640028@1920x1080p0", "@64x48p30",
            "avc1.64@64x48p30", "vp8@64x48p30,foo=1", "vp8@64x48p30,encoder=foo", "vp8@64x48p30,scalabilityMode=LXT",
            "vp8@64x48p30,", "vp8@64x48p30,bitrateMode=", "vp8@64x48p30,bitrateMode=best", "vp8@64x48p30,bitrate=fast",
            "vp8@64x48p-30",
            "vp09.00.10.08@64x48p30,quantizer=64", "vp8@99999999999999999999x48p30",
        ]
    )
    func invalid(requirement: String) throws {
        let outcome = try folder.fail("sluice probe --require '\(requirement)'", status: 64, saying: "sluice: error: ")
        #expect(outcome.text == "")
    }

    @Test("sluice probe takes several requirements, and one that fails is enough", .mustEnd)
    func several() throws {
        let (good, bad) = ("--require vp8@64x48p30", "--require avc1.42001E@1920x1080p30")
        #expect(try folder.succeed("sluice probe \(good) --require h264@64x48p30").lines.count == 2)
        let outcome = try folder.fail("sluice probe \(good) \(bad)", status: 69, saying: "1 of 2")
        #expect(outcome.lines.map { $0.prefix(11) } == ["supported: ", "unsupported"])
        try folder.fail("sluice probe \(good) \(bad) --require garbage", status: 64, saying: "garbage")
    }

    private struct Results: Decodable {
        struct Result: Decodable {
            let name: String
            let status: String
            let frames: Int?
            let psnr: Double?
            let reason: String?
        }

        let results: [Result]
    }

    @Test("sluice probe prints JSON with --json", .mustEnd)
    func json() throws {
        let requirements = "--require vp8@64x48p30 --require avc1.42001E@1920x1080p30"
        let outcome = try folder.fail("sluice probe --json \(requirements)", status: 69)
        let results = try JSONDecoder().decode(Results.self, from: outcome.output).results
        #expect(results.map(\.status) == ["supported", "unsupported"])
        #expect(results.map(\.name) == ["vp8@64x48p30", "avc1.42001E@1920x1080p30"])
        #expect((results[0].psnr ?? 0) > 25 && (results[0].frames ?? 0) > 0)
        #expect(results[1].reason?.contains("use level 4.0") == true)
    }

    /// What Python's parser of XML finds in a report: its counts, and each case with the element in it.
    private func junit(_ name: String) throws -> String {
        let script = """
            import datetime, socket, sys, xml.etree.ElementTree as tree
            suite = tree.parse(sys.argv[1]).getroot()
            print(*[suite.get(key) for key in ('tests', 'failures', 'errors', 'skipped')])
            assert suite.get('hostname') == socket.gethostname()
            age = datetime.datetime.utcnow() - datetime.datetime.fromisoformat(suite.get('timestamp'))
            assert datetime.timedelta(0) <= age < datetime.timedelta(hours=1), age
            for case in suite.iter('testcase'):
                print(case.get('name'), *[f'{part.tag}: {part.text}' for part in case])
                assert all(part.get('message') == part.text for part in case)
            """
        try folder.write(Array(script.utf8), to: "read.py")
        return try folder.succeed("python3 read.py \(name)").text
    }

    @Test("sluice probe writes JUnit's XML with counts, time, host and reasons (fault O12)", .mustEnd)
    func junit() throws {
        let odd = "--require 'vp8@64x48p30' --require 'a<b>&\"c@64x48p30'"
        let outcome = try folder.run("sluice probe \(odd) --require hevc@64x64p30,scalabilityMode=L1T2 --junit out.xml")
        #expect([.exited(64), .exited(69)].contains(outcome.ending))
        let plain = "--require vp8@64x48p30 --require hevc@64x64p30,scalabilityMode=L1T2"
        try folder.fail("sluice probe \(plain) --junit out.xml --overwrite", status: 69)
        let lines = try junit("out.xml").split(separator: "\n")
        #expect(lines.count == 3 && lines[0] == "2 1 0 0" && lines[1] == "vp8@64x48p30", "\(lines)")
        #expect(lines[2].hasPrefix("hevc@64x64p30,scalabilityMode=L1T2 failure: libx265"), "\(lines)")
        try folder.fail("sluice probe --require vp8@64x48p30 --junit out.xml", status: 73, saying: "out.xml exists")
        try folder.fail("sluice probe --require vp8@64x48p30 --junit /dev/full", status: 74, saying: "No space left")
    }

    @Test("sluice probe prints a Markdown table with --markdown", .mustEnd)
    func markdown() throws {
        let lines = try folder.succeed("sluice probe --require vp8@64x48p30 --require h264@64x48p30 --markdown").lines
        #expect(lines.count == 4)
        #expect(lines.allSatisfy { $0.hasPrefix("|") && $0.hasSuffix("|") })
        #expect(Set(lines.map { $0.filter { $0 == "|" }.count }).count == 1)
    }

    @Test("sluice probe prints a table of one codec in every mode", .mustEnd)
    func table() throws {
        let text = try folder.succeed("sluice probe --codec vp8").text
        let row = try #require(text.split(separator: "\n").first { $0.hasPrefix("VP8") })
        let words = row.split(separator: " ")
        #expect(words.contains("libvpx") && words.contains("i420"))
        for mode in ["L1T1", "L1T2", "L1T3"] { #expect(words.filter { $0 == mode }.count == 3, "\(mode)") }
        #expect(["constant", "variable", "quantizer"].allSatisfy { text.contains($0) })
        if !FileManager.default.fileExists(atPath: "/dev/dri") { #expect(text.contains("vp8_vaapi: unsupported")) }
    }

    @Test(
        "sluice probe reports usage errors",
        .mustEnd,
        arguments: ["--codec foo", "--encoder foo", "--json --markdown", "extra"]
    )
    func usage(flags: String) throws {
        let outcome = try folder.run("sluice probe \(flags)")
        #expect(outcome.ending == .exited(64), "\(outcome.ending)")
    }

    @Test("sluice probe answers one requirement quickly", .mustEnd)
    func quick() throws {
        let script = "TIMEFORMAT='%U %S'; time sluice probe --require av01.0.08M.10@1920x1080p30 > /dev/null"
        let words = try folder.succeed(script).errors.split(whereSeparator: \.isWhitespace).suffix(2)
        // Two cores in two seconds; the tests around this one do not count as its own time.
        #expect(words.compactMap { Double($0) }.reduce(0, +) < 4)
    }
}

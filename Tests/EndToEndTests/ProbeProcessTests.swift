import Foundation
import Testing

@Suite("sluice probe with encoders that misbehave")
struct ProbeProcessTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private struct Results: Decodable {
        struct Result: Decodable {
            let name: String
            let status: String
            let reason: String?
        }
        let results: [Result]
    }

    /// A library in whose place libvpx's is not called: it does what the body does.
    private func preload(_ body: String) throws -> String {
        let source = "#include <stdlib.h>\n#include <unistd.h>\nint vpx_codec_enc_init_ver() { \(body) return 1; }\n"
        try folder.write(Array(source.utf8), to: "bad.c")
        try folder.succeed("cc -shared -fPIC -o bad.so bad.c")
        return "LD_PRELOAD=./bad.so"
    }

    private func results(_ outcome: Outcome) throws -> [Results.Result] {
        try JSONDecoder().decode(Results.self, from: outcome.output).results
    }

    @Test(
        "sluice probe with encoders that misbehave tells which encoder crashed, by which signal, and goes on with the others (fault O2)",
        .mustEnd
    )
    func crash() throws {
        let bad = try preload("abort();")
        let outcome = try folder.fail("\(bad) sluice probe --codec vp8 --json --junit out.xml", status: 69)
        let found = try results(outcome)
        let crashed = found.filter { $0.name.hasPrefix("vp8/libvpx/") }
        #expect(crashed.count == 9)
        #expect(crashed.allSatisfy { $0.status == "crashed" && $0.reason?.hasPrefix("crashed (signal 6)") == true })
        #expect(found.contains { $0.name.hasPrefix("vp8/vp8_vaapi/") && $0.status != "crashed" })
        let xml = String(decoding: try folder.bytes("out.xml"), as: UTF8.self)
        #expect(xml.contains("errors=\"9\"") && xml.contains("<error type=\"crashed\""))
        let text = try folder.fail("\(bad) sluice probe --codec vp8 --encoder libvpx", status: 69).text
        #expect(text.contains("libvpx: crashed (signal 6)"), "\(text)")
    }

    @Test("sluice probe with encoders that misbehave answers other requirements where one crashes (fault O2)", .mustEnd)
    func crashOfRequirement() throws {
        let requirements = "--require vp8@64x48p30 --require h264@64x48p30"
        let outcome = try folder.fail("\(try preload("abort();")) sluice probe \(requirements)", status: 69)
        #expect(outcome.lines.count == 2 && outcome.lines[0].hasPrefix("crashed (signal 6)"), "\(outcome.text)")
        #expect(outcome.lines[1].hasPrefix("supported: h264@64x48p30"), "\(outcome.text)")
    }

    @Test(
        "sluice probe with encoders that misbehave gives up an encoder that does not answer, and ends (fault O2)",
        .mustEnd
    )
    func hang() throws {
        let bad = try preload("pause();")
        let flags = "--codec vp8 --encoder libvpx --timeout 1 --junit out.xml"
        let outcome = try folder.run("\(bad) sluice probe \(flags)", timeLimit: 60)
        #expect(outcome.ending == .exited(69), "\(outcome.ending)")
        #expect(outcome.text.contains("libvpx: timed out") && outcome.text.contains("no answer within 1 s"))
        let xml = String(decoding: try folder.bytes("out.xml"), as: UTF8.self)
        #expect(xml.contains("tests=\"9\"") && xml.contains("errors=\"9\""), "\(xml)")
    }

    @Test(
        "sluice probe with encoders that misbehave ends at once by a signal, and so does what it has started (fault O2)",
        .mustEnd
    )
    func signal() throws {
        let script = """
            \(try preload("pause();")) sluice probe --codec vp8 --encoder libvpx & pid=$!
            for i in $(seq 200); do children=$(pgrep -P $pid); [ "$children" ] && break; sleep 0.05; done
            kill -TERM $pid; wait $pid; echo $?
            for child in $children; do for i in $(seq 100); do kill -0 $child 2>/dev/null || break; sleep 0.05; done; done
            kill -0 $children 2>/dev/null && echo alive; true
            """
        #expect(try folder.succeed(script).lines == ["143"])
    }

    @Test("sluice probe with encoders that misbehave is 69 where memory is refused, as encode is (fault O3)", .mustEnd)
    func memory() throws {
        let limited = "ulimit -v 275000; sluice probe --require avc1.640028@1920x1080p30"
        let outcome = try folder.fail("(\(limited))", status: 69)
        #expect(
            outcome.text.hasPrefix("unavailable: avc1.640028@1920x1080p30: libx264 needs about"),
            "\(outcome.text)"
        )
    }

    @Test(
        "sluice probe with encoders that misbehave is 69, with failures in JUnit's XML, where nothing of a named encoder is supported (fault O12)",
        .enabled(if: !FileManager.default.fileExists(atPath: "/dev/nvidia0")),
        .mustEnd
    )
    func named() throws {
        try folder.fail("sluice probe --encoder h264_nvenc --junit out.xml", status: 69, saying: "h264_nvenc")
        let xml = String(decoding: try folder.bytes("out.xml"), as: UTF8.self)
        #expect(xml.contains("tests=\"54\" failures=\"54\" errors=\"0\" skipped=\"0\""), "\(xml.prefix(300))")
    }

    @Test("sluice probe with encoders that misbehave prints nothing with --quiet (fault L)", .mustEnd)
    func quiet() throws {
        let outcome = try folder.succeed("sluice probe --require vp8@64x48p30 --quiet")
        #expect(outcome.text == "" && outcome.errors == "")
        let lost = try folder.fail("sluice probe --require vp9@64x48p30,scalabilityMode=L2T1 --quiet", status: 69)
        #expect(lost.text == "")
    }
}

import Foundation
import Testing

@Suite("A limit on memory")
struct MemoryLimitTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let encoders = [
        "h264/libx264", "hevc/libx265", "vp8/libvpx", "vp9/libvpx", "av1/libaom", "av1/libsvtav1", "av1/librav1e",
    ]

    @Test(
        "A memory limit below an encoder's need is 69 with the needed amount, and never a crash or a hang (fault O1)",
        .mustEnd,
        arguments: encoders
    )
    func refused(encoder: String) throws {
        let names = encoder.split(separator: "/")
        let source = try folder.source("i420", size: "96x64", frames: 4)
        // Enough for the program itself, whose libraries alone take about 250 MB of addresses.
        for megabytes in [330, 400, 600] {
            let encode = "sluice -s 96x64 -r 30 -p i420 \(source) --codec \(names[0]) --encoder \(names[1]) --overwrite"
            let limit = "ulimit -c 0; ulimit -v \(megabytes * 1024)"
            let outcome = try folder.run("(\(limit); \(encode) -o out.mkv)", timeLimit: 60)
            #expect([.exited(0), .exited(69)].contains(outcome.ending), "\(megabytes): \(outcome.errors)")
            if outcome.ending == .exited(69) {
                #expect(outcome.errors.contains("needs") && outcome.errors.contains("MB"), "\(outcome.errors)")
            } else {
                #expect(try folder.frameCount("out.mkv") == 4)
            }
        }
    }

    @Test(
        "A memory limit that is too low for a decoder is never reported as a damaged stream",
        .mustEnd,
        arguments: ["h264", "vp8", "vp9", "av1"]
    )
    func decoding(codec: String) throws {
        let source = try folder.source("i420", size: "96x64", frames: 4)
        try folder.succeed("sluice -s 96x64 -r 30 -p i420 \(source) \(Quick.flags(codec)) -o in.mkv")
        // Where the program itself finds too little it may end by a signal, as any program in Swift.
        for megabytes in stride(from: 300, through: 350, by: 2) {
            let limit = "ulimit -c 0; ulimit -v \(megabytes * 1024)"
            let outcome = try folder.run("(\(limit); sluice decode in.mkv --format framehash -o /dev/null)")
            #expect(outcome.ending != .exited(65), "\(megabytes): \(outcome.errors)")
            #expect(!outcome.errors.contains("get_buffer2"), "\(megabytes): \(outcome.errors)")
            guard outcome.ending == .exited(69) else { continue }
            let saysWhat = outcome.errors.contains("memory") || outcome.errors.contains("thread")
            #expect(saysWhat, "\(megabytes): \(outcome.errors)")
        }
    }

    @Test("A memory limit in which SVT-AV1 would hang is refused with the needed amount (fault O1)", .mustEnd)
    func svt() throws {
        let source = try folder.source("i420", size: "96x64", frames: 4)
        let encode = "sluice -s 96x64 -r 30 -p i420 \(source) --codec av1 --encoder libsvtav1 -o out.mp4"
        let outcome = try folder.run("(ulimit -v 400000; \(encode))", timeLimit: 60)
        #expect(outcome.ending == .exited(69), "\(outcome.ending)")
        #expect(outcome.errors.contains("libsvtav1 needs about "), "\(outcome.errors)")
        #expect(!folder.exists("out.mp4"))
    }
}

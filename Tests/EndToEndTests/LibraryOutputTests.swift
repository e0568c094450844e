import Foundation
import Testing

@Suite("The output of codec libraries", .mustEnd)
struct LibraryOutputTests {
    let folder: TemporaryFolder
    /// libvpx prints a warning to standard output for each frame of a size that is odd, where layers are set up anew.
    private let vp9 = "odd.yuv -s 161x121 -r 30 -p i420 --codec vp9 --scalability-mode L1T2 --format ivf"
    private let printed = "a codec library printed: Warning: Desired width too large, changed to 161"

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed("sluice testsrc -s 161x121 -p i420 --frames 40 > odd.yuv")
    }

    @Test("The output of codec libraries is in the log once, and not in the encoded output (fault B1)")
    func standardOutput() throws {
        let outcome = try folder.succeed("sluice \(vp9) -o -")
        try folder.write(Array(outcome.output), to: "o.ivf")
        #expect(try folder.frameCount("o.ivf") == 40)
        // The oracle: no bytes are between the frames, or after them.
        let sizes = try folder.succeed("ffprobe -v error -show_entries packet=size -of csv=p=0 o.ivf").lines
        let payload = sizes.compactMap { Int($0.prefix { $0.isNumber }) }.reduce(0, +)
        #expect(outcome.output.count == 32 + 12 * 40 + payload)
        #expect(outcome.errors.components(separatedBy: printed).count == 2)
        #expect(outcome.errors.contains("codec libraries repeated these lines"))
    }

    @Test(
        "The output of codec libraries is not in the encoded output under any name of it (fault B1)",
        arguments: ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "l"]
    )
    func otherNames(name: String) throws {
        try folder.succeed("ln -s /dev/fd/1 l; sluice \(vp9) -o - --quiet >o.ivf")
        let expected = try folder.bytes("o.ivf")
        for reader in ["> out; cat out", "| cat"] {
            let outcome = try folder.succeed("sluice \(vp9) -o \(name) --quiet \(reader)")
            let isSame = Array(outcome.output) == expected
            #expect(isSame, "\(reader): \(outcome.errors)")
        }
    }

    @Test("The output of codec libraries does not damage JSON on standard output (fault B1)")
    func json() throws {
        let receipt = try folder.succeed("sluice \(vp9) -o o.ivf --json")
        #expect(try JSONDecoder().decode(Receipt.self, from: receipt.output).output.chunks == 40)
        let progress = try folder.succeed("sluice \(vp9) -o p.ivf --progress json --progress-fd 1 2>words")
        for line in progress.lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        let words = try folder.text("words")
        #expect(!progress.lines.isEmpty && words.contains(printed))
        let probe = "sluice probe --require 'vp9@161x121p30,scalabilityMode=L1T2' --json"
        _ = try JSONSerialization.jsonObject(with: try folder.succeed(probe).output)
    }

    @Test("The output of codec libraries does not damage the data of a batch's job for its parent (fault B1)")
    func batch() throws {
        let job = #"{"input":"odd.yuv","size":"161x121","framerate":30,"pixel-format":"i420","codec":"vp9","#
        let rest = #""scalability-mode":"L1T2","output":"o.ivf"}"#
        try folder.write(Array((job + rest).utf8), to: "m.jsonl")
        let outcome = try folder.succeed("sluice batch m.jsonl --json")
        _ = try JSONSerialization.jsonObject(with: outcome.output)
        #expect(outcome.errors.contains(printed))
    }

    @Test("The output of codec libraries is not shown with --quiet")
    func quiet() throws {
        #expect(try folder.succeed("sluice \(vp9) -o o.ivf --quiet").errors == "")
    }

    @Test(
        "The output of codec libraries to both streams while decoding a container is in the log, and that before a crash is shown (fault B1)"
    )
    func anyLibrary() throws {
        try folder.write(Array(Self.noise.utf8), to: "noise.c")
        let built = try folder.run("$(command -v cc || command -v clang) -shared -fPIC -o noise.so noise.c -ldl")
        try #require(built.ending == .exited(0), "a C compiler is needed: \(built.errors)")
        try folder.succeed("sluice \(vp9) -o o.ivf; ffmpeg -v error -i o.ivf -c copy o.mkv")
        let decode = "sluice decode o.mkv --format framehash -o -"
        let expected = try folder.succeed(decode).output
        let noisy = try folder.succeed("LD_PRELOAD=./noise.so \(decode)")
        #expect(noisy.output == expected)
        #expect(noisy.errors.contains("printed: to the output") && noisy.errors.contains("printed: to the errors 3"))
        // Megabytes of unread messages do not stall the run.
        let unread = "mkfifo f; exec 9<>f; FLOOD=1 LD_PRELOAD=./noise.so \(decode) 2>f"
        #expect(try folder.succeed(unread).output == expected)
        let dying = try folder.run("SWIFT_BACKTRACE=enable=no DIE=1 LD_PRELOAD=./noise.so \(decode)")
        #expect([.exited(134), .signaled(6)].contains(dying.ending), "\(dying.ending)")
        #expect(dying.errors.contains("last words") && expected.starts(with: dying.output), "\(dying.errors)")
        // Nor are they lost if they were read from the library's pipe, and not logged yet.
        let late = try folder.run("SWIFT_BACKTRACE=enable=no DIE=1 STOP=1 LD_PRELOAD=./noise.so \(decode)")
        #expect(late.errors.contains("last words"), "\(late.errors)")
    }

    /// Prints from within libavcodec's function. With STOP, who has read the last words goes no further.
    private static let noise = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>
        static _Thread_local int dies;
        ssize_t read(int descriptor, void *bytes, size_t count) {
            const ssize_t result = ((ssize_t (*)(int, void *, size_t))dlsym(RTLD_NEXT, "read"))(descriptor, bytes, count);
            if (result > 0 && !dies && getenv("STOP") && memmem(bytes, result, "last words", 10)) pause();
            return result;
        }
        int avcodec_send_packet(void *context, const void *packet) {
            static int number;
            if (packet) printf("to the output\\n");
            if (packet && write(1, "past the buffer\\n", 16) < 0) return -1;
            if (packet) fprintf(stderr, "to the errors %d\\n", number++);
            for (int i = 0; packet && getenv("FLOOD") && i < 5000; i++) fprintf(stderr, "flood %d\\n", i);
            if (getenv("DIE") && number > 3) dies = 1, fprintf(stderr, "last words\\n"), getenv("STOP") && sleep(1), abort();
            return ((int (*)(void *, const void *))dlsym(RTLD_NEXT, "avcodec_send_packet"))(context, packet);
        }
        """
}

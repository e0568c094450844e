import Foundation
import Testing

@Suite("A wrong command line")
struct UsageTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "A wrong command line is 64 and reports what is wrong",
        .mustEnd,
        arguments: [
            ("-r 30 -p rgba -o a.h264", "--size"), ("-s 64x48 -p rgba -o a.h264", "--framerate"),
            ("-s 64x48 -r 30 -o a.h264", "--pixel-format"), ("-s 64 -r 30 -p rgba -o a.h264", "size"),
            ("-s 0x48 -r 30 -p rgba -o a.h264", "size"), ("-s 64x99999999 -r 30 -p rgba -o a.h264", "size"),
            ("-s 64x48 -r 30 -p yuyv -o a.h264", "pixel-format"), ("-s 64x48 -r 30 -p rgba", "--output"),
            ("-s 64x48 -r 30 -p rgba -o -", "--format"), ("-s 64x48 -r 30 -p rgba -o a.avi", "--format"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --nonsense", "--nonsense"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --quantizer 52", "quantizer 52"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --quantizer 20 --crf 20", "quantizer"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --crf 20 --bitrate 1M", "exclude"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --bitrate-mode constant", "needs a bitrate"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --bitrate 5X", "bitrate"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --frames 0", "--frames 0"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --skip -1", "skip"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --stride 255", "--stride 255"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --key-frame-interval 0", "--key-frame-interval 0"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --threads 0", "threads 0"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --queue-depth 0", "--queue-depth 0"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --chunks a.h264", "two outputs"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --chunks ./a.h264", "two outputs"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --chunks ./a.h264 --overwrite", "two outputs"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --preset slowest", "veryslow"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --encoder-option reff=2", "did you mean ref"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --encoder-option bframs=2", "bframes"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --encoder-option ref=many", "ref"),
            ("-s 64x48 -r 30 -p rgba -o a.h264 --encoder-option crf=2", "use --crf"),
        ]
    )
    func refused(flags: String, words: String) throws {
        try folder.fail("head -c 100000 /dev/zero | sluice \(flags)", status: 64, saying: words)
        #expect(folder.names == [])
    }

    @Test(
        "A wrong command line reports the expected form of a flag's value",
        .mustEnd,
        arguments: [
            ("--size 64", "expected WIDTHxHEIGHT"), ("-s 0x48", "1 to 16384"), ("-r x", "30000/1001"),
            ("--bitrate 5X", "800k or 5M"), ("--crf x", "expected a number"), ("--quantizer 1.5", "a whole number"),
            ("--threads many", "a whole number, 1 or more"), ("--max-memory 5Q", "such as 64M"),
            ("--background red", "six hexadecimal digits"), ("--max-cll 3", "1000,400"),
            ("--mastering-display x", "G(x,y)B(x,y)"), ("--encoder-option =3", "KEY=VALUE"),
            ("--scalability-mode L9T9", "L1T1, L1T2 or L1T3"), ("--skip x", "0 or more"),
            ("--bit-depth x", "8, 10 or 12"),
            ("--rotation 45", "'90'"), ("--chroma 411", "'422'"), ("--progress-fd x", "a whole number"),
            ("--crf 20 --bitrate-mode constant", "--crf and --bitrate-mode constant exclude each other"),
            ("--crf 20 --bitrate 1M", "a bitrate and --crf exclude each other"),
        ]
    )
    func forms(flags: String, words: String) throws {
        let outcome = try folder.fail("sluice -s 64x48 -r 30 -p rgba \(flags) -o a.h264", status: 64, saying: words)
        #expect(outcome.errors.contains(flags.contains("--crf 20") ? "exclude" : "is invalid for"))
    }

    @Test(
        "A wrong command line with an unknown command is reported so, with any arguments after it",
        .mustEnd,
        arguments: ["", "--help", "-h", "a.h264", "--json", "-s 3", "--nonsense"]
    )
    func unknownCommand(rest: String) throws {
        let outcome = try folder.run("sluice inspekt \(rest)")
        #expect(outcome.ending == .exited(64))
        #expect(
            (outcome.errors + outcome.text).contains("inspekt is neither a command (batch, compare, decode, "),
            "\(outcome)"
        )
    }

    @Test(
        "A wrong command line that asks for help gets it",
        .mustEnd,
        arguments: ["--help", "encode --help", "help encode", "-h"]
    )
    func help(arguments: String) throws {
        #expect(try folder.succeed("sluice \(arguments)").text.contains("USAGE: sluice"))
    }

    @Test("A wrong command line that sets one thing in two ways is refused, and neither is ignored", .mustEnd)
    func twoWays() throws {
        let flags = "--key-frame-interval 20 --encoder-option keyint=10"
        let outcome = try folder.run(
            "sluice testsrc -s 64x48 --frames 30 | sluice -s 64x48 -r 30 -p rgba \(flags) -o a.h264"
        )
        #expect([.exited(64), .exited(69)].contains(outcome.ending), "\(outcome.ending)")
        #expect(outcome.errors.contains("keyint"))
    }

    @Test(
        "A wrong command line gives a message of exactly one line",
        .mustEnd,
        arguments: ["--preset slowest", "--encoder-option tune=no", "--crf 0"]
    )
    func oneLine(flags: String) throws {
        let outcome = try folder.run("sluice -s 64x48 -r 30 -p rgba -o a.h264 \(flags)")
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
        #expect(outcome.errors.hasPrefix("sluice: error: "))
    }

    @Test("A wrong command line is JSON with --json, on stdout, or on stderr when stdout carries data", .mustEnd)
    func json() throws {
        func failure(_ data: Data) throws -> FailureObject.Content {
            try JSONDecoder().decode(FailureObject.self, from: data).error
        }
        let free = try folder.run("sluice -s 64x48 -r 30 -p rgba -o a.h264 --json")
        #expect(free.ending == .exited(65) && free.errors == "")
        let error = try failure(free.output)
        #expect(error.code == 65 && error.name == "emptyInput" && !error.retryable)
        let frame = try folder.run("head -c 15000 /dev/zero | sluice -s 64x48 -r 30 -p rgba -o a.h264 --json")
        let partial = try failure(frame.output)
        #expect(partial.code == 65 && partial.name == "partialFrame" && partial.frame == 1)
        for (flags, code) in [("-r 30", 65), ("-r 30 --crf 99", 64), ("-r 30 --codec vp8", 69), ("-r x", 64)] {
            let data = try folder.run("sluice -s 64x48 -p rgba \(flags) --format annexb -o - --json")
            #expect(data.output.isEmpty, "\(flags): \(data.text)")
            #expect(data.ending == .exited(Int32(code)))
            #expect(throws: Never.self, "\(data.errors)") {
                let error = try failure(Data(data.errors.utf8))
                #expect(error.code == code)
            }
        }
        let format = try folder.run("sluice -s 64x48 -r 30 -p rgba -o - --json")
        #expect(format.ending == .exited(64) && format.output.isEmpty, "\(format.text)")
    }
}

import Testing

@Suite("A terminal")
struct TerminalTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Runs a script whose three streams are a terminal, and gives what it showed.
    private func onTerminal(_ script: String) throws -> Outcome {
        try folder.run("script -qec \"\(script)\" /dev/null", timeLimit: 20)
    }

    @Test("A terminal as input gets the help instead of a wait for frames", .mustEnd)
    func help() throws {
        let outcome = try onTerminal("sluice -s 64x48 -r 30 -p rgba -o out.h264")
        #expect(outcome.ending == .exited(64))
        #expect(outcome.text.contains("USAGE: sluice"))
        #expect(folder.names == [])
    }

    @Test("A terminal as output gets no binary data", .mustEnd)
    func binary() throws {
        let command = "sluice -s 64x48 -r 30 -p rgba --format annexb -o - < in.raw"
        try folder.succeed("sluice testsrc -s 64x48 --frames 3 -o in.raw")
        for command in [command, "sluice testsrc"] {
            let outcome = try onTerminal(command)
            #expect(outcome.ending == .exited(64))
            #expect(outcome.text.contains("binary data to a terminal"))
            #expect(!outcome.output.contains(0))
        }
    }

    @Test(
        "Progress on a terminal is one updated line, with and without a known width",
        .mustEnd,
        arguments: [0, 80]
    )
    func progress(columns: Int) throws {
        try folder.succeed("sluice testsrc -s 320x180 --frames 60 -o in.raw")
        let outcome = try onTerminal(
            "stty cols \(columns); sluice -s 320x180 -r 30 -p rgba -o out.h264 in.raw"
        )
        #expect(outcome.ending == .exited(0))
        #expect(outcome.text.contains("\r\u{1B}[K60/60 frames") && outcome.text.contains("waiting for the"))
        #expect(outcome.text.contains("sluice: 60 frames in out.h264"))
        let none = try onTerminal("sluice -s 320x180 -r 30 -p rgba -o none.h264 --progress none in.raw")
        #expect(!none.text.contains("\u{1B}"))
    }
}

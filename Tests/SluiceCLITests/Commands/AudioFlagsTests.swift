import Sluice
import Testing

@testable import SluiceCLI

@Suite("The flags of audio")
struct AudioFlagsTests {
    private func options(_ line: String) throws -> AudioOptions {
        let words = line.split(separator: " ").map { String($0).replacing("_", with: " ") }
        return try EncodeCommand.reading(["in.i420", "-s", "64x48", "-r", "25", "-o", "out.mp4"] + words).makeJob()
            .output.audio
    }

    @Test("A file, its track and what is said of it are told apart, whatever commas are in the name or the title")
    func inputs() throws {
        let input = try #require(try options("--audio a,b.wav#2,language=de,title=One,_two,default").inputs.first)
        #expect(input.path.string == "a,b.wav" && input.track == 2 && input.language == "de")
        #expect(input.title == "One, two" && input.isDefault)
        let plain = try #require(try options("--audio a#b.wav").inputs.first)
        #expect(plain.path.string == "a#b.wav" && plain.track == nil && plain.title == nil && !plain.isDefault)
        #expect(try options("--audio a.wav --audio b.wav").inputs.map(\.path.string) == ["a.wav", "b.wav"])
    }

    @Test("The other flags of audio set the options, and nothing is set without them")
    func others() throws {
        let audio = try options(
            "--audio a.wav --audio-codec opus --audio-bitrate 96k --audio-offset -0.25 --audio-length audio --no-audio"
        )
        #expect(audio.codec == .opus && audio.bitrate == 96_000 && audio.offset == -250_000)
        #expect(audio.length == .audio && audio.own == .none)
        let none = try options("")
        #expect(none.codec == nil && none.bitrate == nil && none.offset == 0 && none.length == .frames)
        #expect(none.own == .automatic && none.inputs.isEmpty)
    }

    @Test(
        "Values that nothing can have are refused",
        arguments: [
            "--audio ,default", "--audio a.wav,language=x_y", "--audio-bitrate 5k", "--audio-bitrate 5M",
            "--audio-offset 1e9", "--audio-offset nan", "--audio-codec mp3", "--audio-length video",
            "--no-audio --copy-audio",
        ]
    )
    func refused(line: String) {
        #expect(throws: Failure.self) { try options(line) }
    }
}

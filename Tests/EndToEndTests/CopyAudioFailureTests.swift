import Foundation
import Testing

@Suite("Audio that cannot be copied")
struct CopyAudioFailureTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private let encode = "sluice encode --preset veryfast --copy-audio"

    @Test(
        "Audio that cannot be copied is refused before a frame is encoded, with a container that works",
        .mustEnd,
        arguments: [
            ("aac", "--codec vp9 --preset 5 -o out.webm", "aac", "use mp4 or mkv"),
            ("flac", "--codec vp9 --preset 5 -o out.webm", "flac", "use mp4 or mkv"),
            ("pcm_s16le", "--codec vp9 --preset 5 -o out.webm", "pcm_s16le", "use mkv"),
            ("libvorbis", "--preset veryfast -o out.mp4", "vorbis", "use mkv"),
            ("pcm_s16le", "--preset veryfast -o out.mp4", "pcm_s16le", "use mov or mkv"),
        ]
    )
    func refused(encoder: String, output: String, codec: String, would: String) throws {
        try folder.film("in.mkv", "-c:a \(encoder)")
        try folder.fail("sluice encode in.mkv --audio-codec copy \(output)", status: 69, saying: codec, would)
        #expect(folder.names == ["in.mkv"])
    }

    @Test("Audio that is requested in a format without audio is a usage error", .mustEnd)
    func usage() throws {
        let raw = try folder.source()
        try folder.film("in.mkv", "-c:a aac")
        try folder.fail("\(encode) in.mkv -o out.h264", status: 64, saying: "--copy-audio", "mp4, mov, mkv or webm")
        try folder.fail("\(encode) -s 64x48 -r 25 -p i420 \(raw) -o out.mp4", status: 64, saying: "--copy-audio", raw)
        try folder.succeed("ffmpeg -v error -i in.mkv -frames:v 3 -pix_fmt yuv420p in.y4m")
        try folder.fail("\(encode) in.y4m -o out.mp4", status: 64, saying: "--copy-audio", "in.y4m")
    }

    @Test(
        "Audio that the input does not have is a warning",
        .mustEnd,
        arguments: ["in.mp4", "in.h264"]
    )
    func none(input: String) throws {
        try folder.film(input, "-an")
        let outcome = try folder.succeed("\(encode) \(input) -o out.mp4")
        #expect(outcome.errors.contains("no audio"))
        #expect(try folder.frameCount("out.mp4") == 50)
    }

    @Test("Subtitles are dropped with a warning when audio is copied", .mustEnd)
    func subtitles() throws {
        try folder.write(Array("1\n00:00:00,000 --> 00:00:01,000\nHello\n\n".utf8), to: "in.srt")
        try folder.film("in.mkv", "-c:a aac -map 0 -map 1 -map 2 -c:s srt", inputs: "-i in.srt")
        let outcome = try folder.succeed("\(encode) in.mkv -o out.mkv")
        #expect(outcome.errors.contains("subtitle (subrip) is dropped") && !outcome.errors.contains("audio (aac)"))
    }

    @Test(
        "Audio that is damaged is damaged input, and the complete part is kept if that is accepted",
        .mustEnd
    )
    func damaged() throws {
        try folder.film("in.mp4", "-c:a aac", seconds: 4)
        var bytes = try folder.bytes("in.mp4")
        // The positions of the audio's last pieces are after the end of the file.
        let offsets = try #require(bytes.ranges(of: Array("stco".utf8)).last)
        let count = bytes[(offsets.upperBound + 4)..<(offsets.upperBound + 8)].reduce(0) { $0 << 8 | Int($1) }
        let last = offsets.upperBound + 8 + 4 * (count - 1)
        bytes.replaceSubrange(last..<(last + 4), with: [0x7F, 0xFF, 0xFF, 0])
        try folder.write(bytes, to: "damaged.mp4")
        try folder.fail("\(encode) damaged.mp4 -o out.mp4", status: 65, saying: "damaged.mp4", "accept-partial")
        #expect(!folder.exists("out.mp4"))
        try folder.succeed("\(encode) damaged.mp4 --accept-partial -o out.mp4 --receipt out.json")
        #expect(try folder.text("out.json").contains("\"status\":\"partial\""))
        let (ours, theirs) = (try folder.packets("out.mp4", "a:0"), try folder.packets("in.mp4", "a:0"))
        #expect(ours.count > 50 && ours.count < theirs.count)
        #expect(ours.map(\.hash) == theirs.prefix(ours.count).map(\.hash))
    }

    @Test(
        "Audio too far before its pictures is refused from a pipe, and copied within bounds from a file",
        .mustEnd
    )
    func bounds() throws {
        let channels = (0..<8).map { "c\($0)=c0" }.joined(separator: "|")
        let noise = "-f lavfi -i 'anoisesrc=sample_rate=192000:duration=28' -map 0:v -map 2:a -af pan='7.1|\(channels)'"
        let apart = "-movflags empty_moov+separate_moof+frag_keyframe+default_base_moof"
        try folder.film("apart.mp4", "-c:a flac \(apart) -g 12", seconds: 28, inputs: noise)
        try folder.write(Fragments.moved(folder.bytes("apart.mp4"), last: 1), to: "in.mp4")
        try #require(try folder.bytes("in.mp4").count > 70 << 20)
        try folder.fail("cat in.mp4 | \(encode) - -o out.mp4", status: 69, saying: "64 MiB", "audio")
        #expect(folder.names == ["apart.mp4", "in.mp4"])
        try folder.succeed("\(encode) in.mp4 -o out.mp4 --receipt with.json", timeLimit: 120)
        try folder.succeed("sluice encode --preset veryfast in.mp4 -o none.mp4 --receipt without.json", timeLimit: 120)
        let (with, without) = (try folder.receipt("with.json"), try folder.receipt("without.json"))
        #expect(with.peakMemoryBytes < without.peakMemoryBytes + (24 << 20))
        #expect(try folder.packets("out.mp4", "a:0").count == folder.packets("in.mp4", "a:0").count)
    }
}

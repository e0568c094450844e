import Foundation
import Testing

/// Ten seconds of frames with a flash in each second, and sound with a click at the same times: ffmpeg hears and sees when.
@Suite("Audio of files")
struct AudioFileTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(Self.frames, to: "v.i420")
    }

    private static let encode = "sluice -s 64x48 -r 25 -p i420 v.i420 --preset ultrafast"

    /// 75 frames, of which every 25th is white.
    private static let frames: [UInt8] = (0..<75).flatMap { frame in
        [UInt8](repeating: frame % 25 == 0 ? 235 : 16, count: 64 * 48) + [UInt8](repeating: 128, count: 32 * 24 * 2)
    }

    /// A WAV with a burst of 10 ms at each second.
    private func clicks(_ name: String, rate: Int, seconds: Double = 3, channels: Int = 1) throws {
        let burst = "0.8*cos(2*PI*1000*t)*lt(mod(t\\,1)\\,0.01)"
        let all = Array(repeating: burst, count: channels).joined(separator: "|")
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i \"aevalsrc='\(all)':s=\(rate):d=\(seconds)\" -c:a pcm_s16le \(name)"
        )
    }

    /// When clicks are heard, in seconds of the file's own clock.
    private func heard(_ file: String) throws -> [Double] {
        let filter = "aresample=48000:async=1:first_pts=0:min_hard_comp=0.0001"
        try folder.succeed(
            "ffmpeg -v error -y -copyts -i \(file) -map 0:a:0 -af \(filter) -ac 1 -f f32le heard.raw"
        )
        let bytes = try folder.bytes("heard.raw")
        let samples = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        var (times, last) = ([Double](), -48_000)
        for (place, sample) in samples.enumerated() where abs(sample) > 0.25 {
            if place - last > 24_000 { times.append(Double(place) / 48_000) }
            last = place
        }
        return times
    }

    /// When flashes are seen.
    private func seen(_ file: String) throws -> [Double] {
        let times = try folder.succeed(
            "ffprobe -v error -select_streams v -show_entries frame=pts_time -of csv=p=0 \(file)"
        ).lines.compactMap { Double($0.split(separator: ",").first ?? "") }
        try folder.succeed(
            "ffmpeg -v error -y -i \(file) -map 0:v -f rawvideo -pix_fmt gray -fps_mode passthrough seen.raw"
        )
        let bytes = try folder.bytes("seen.raw")
        return times.indices.filter { bytes[$0 * 64 * 48] > 128 }.map { times[$0] }
    }

    private func expectInStep(_ file: String, count: Int = 3, _ what: String) throws {
        let (clicks, flashes) = (try heard(file), try seen(file))
        #expect(clicks.count == count && flashes.count == count, "\(what)")
        let off = zip(clicks, flashes).map { abs($0 - $1) }.max() ?? 9
        #expect(off < 0.001, "\(what): \(off)")
    }

    @Test(
        "A click and a flash are within a millisecond of each other in every container and codec of audio",
        .mustEnd,
        arguments: ["mp4 aac", "mp4 opus", "mp4 flac", "mov aac", "mov pcm", "mkv opus", "mkv flac", "mkv pcm"]
            + ["webm opus"],
        [48_000, 44_100]
    )
    func inStep(output: String, rate: Int) throws {
        let words = output.split(separator: " ")
        let preset = words[0] == "webm" ? "--codec vp9 --preset 5" : ""
        try clicks("a.wav", rate: rate, channels: 2)
        let encode = preset.isEmpty ? Self.encode : Self.encode.replacing("--preset ultrafast", with: preset)
        try folder.succeed("\(encode) --audio a.wav --audio-codec \(words[1]) --verify -o out.\(words[0])")
        try expectInStep("out.\(words[0])", "\(output) \(rate)")
    }

    @Test(
        "Audio of any file is copied where the container holds it, and encoded where not, in step with the frames",
        .mustEnd,
        arguments: [
            ("libmp3lame", "a.mp3", "mp4", "audio copied (mp3)"), ("aac", "a.m4a", "mp4", "audio copied (aac)"),
            ("flac", "a.flac", "mkv", "audio copied (flac)"), ("libopus", "a.ogg", "mkv", "audio copied (opus)"),
            ("libvorbis", "a.ogg", "mp4", "audio encoded (aac from vorbis)"),
            ("pcm_s16le", "a.wav", "mov", "audio copied (pcm_s16le)"),
            ("pcm_s16le", "a.wav", "mp4", "audio encoded (aac from pcm_s16le)"),
            ("alac", "a.m4a", "mkv", "audio copied (alac)"),
            ("libopus", "a.mkv", "mp4", "audio copied (opus)"),
        ]
    )
    func sources(encoder: String, name: String, format: String, says: String) throws {
        try clicks("source.wav", rate: 48_000)
        try folder.succeed("ffmpeg -v error -i source.wav -c:a \(encoder) \(name)")
        let outcome = try folder.succeed("\(Self.encode) --audio \(name) --verify -o out.\(format)")
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
        guard encoder == "libvorbis" else { return try expectInStep("out.\(format)", "\(name) \(format)") }
        // Its blocks smear a click by milliseconds: what is heard is what ffmpeg hears in the source.
        let (ours, theirs) = (try heard("out.\(format)"), try heard(name))
        #expect(ours.count == 3 && zip(ours, theirs).allSatisfy { abs($0 - $1) < 0.001 }, "\(ours), \(theirs)")
    }

    @Test(
        "Frames and audio that are cut together stay in step",
        .mustEnd,
        arguments: ["", "--denoise", "--parallel 2"]
    )
    func cut(flags: String) throws {
        try clicks("a.wav", rate: 44_100)
        try folder.succeed("\(Self.encode) --audio a.wav --skip 13 --frames 50 \(flags) -o out.mp4")
        try expectInStep("out.mp4", count: 2, flags)
    }

    @Test("Audio that is longer is cut at the last frame or kept, and audio that is shorter is said to be", .mustEnd)
    func lengths() throws {
        func length() throws -> Double {
            let text = try folder.succeed(
                "ffprobe -v error -select_streams a -show_entries stream=duration -of csv=p=0 out.mp4"
            ).text
            return try #require(Double(text.split(separator: "\n").first ?? ""))
        }
        try clicks("long.wav", rate: 48_000, seconds: 5)
        try clicks("short.wav", rate: 48_000, seconds: 2)
        let cut = try folder.succeed("\(Self.encode) --audio long.wav -o out.mp4")
        #expect(try cut.errors.contains("longer than the pictures") && abs(length() - 3) < 0.0001)
        let kept = try folder.succeed("\(Self.encode) --audio long.wav --audio-length audio --overwrite -o out.mp4")
        #expect(try !kept.errors.contains("warning") && abs(length() - 5) < 0.0001)
        let short = try folder.succeed("\(Self.encode) --audio short.wav --overwrite -o out.mp4")
        #expect(try short.errors.contains("it ends 1.000 s before") && abs(length() - 2) < 0.0001)
    }

    @Test("An offset moves audio of files, and silence fills what comes before it", .mustEnd)
    func offset() throws {
        try clicks("a.wav", rate: 48_000)
        try folder.succeed("\(Self.encode) --audio a.wav --audio-offset 0.25 -o late.mp4")
        #expect(try heard("late.mp4").map { ($0 * 1000).rounded() } == [250, 1250, 2250])
        try folder.succeed("\(Self.encode) --audio a.wav --audio-offset -0.25 -o early.mkv")
        #expect(try heard("early.mkv").map { ($0 * 1000).rounded() } == [750, 1750])
    }

    @Test("Tracks have their languages, titles and the mark of the one that players begin with", .mustEnd)
    func words() throws {
        try clicks("a.wav", rate: 48_000)
        try folder.succeed(
            "\(Self.encode) --audio a.wav,language=deu --audio 'a.wav#1,language=eng,title=A, b,default' -o out.mp4"
        )
        let text = try folder.succeed(
            "ffprobe -v error -select_streams a -show_entries stream_tags=language:stream_disposition=default -of compact=p=0 out.mp4"
        ).text
        #expect(text.contains("disposition:default=0|tag:language=deu"))
        #expect(text.contains("disposition:default=1|tag:language=eng"))
    }

    @Test("The same bytes come out for every number of encoders, with a digest for each track", .mustEnd)
    func parallel() throws {
        try clicks("a.wav", rate: 44_100)
        for count in [1, 2] {
            try folder.succeed(
                "\(Self.encode) --audio a.wav --parallel \(count) --segment-frames 25 -o \(count).mp4 --receipt \(count).json"
            )
        }
        #expect(try folder.bytes("1.mp4") == folder.bytes("2.mp4"))
        let receipt = try folder.text("1.json")
        #expect(receipt.contains("\"encodedFrom\":\"pcm_s16le\"") && receipt.contains("\"sha256\""))
    }

    @Test(
        "Audio that cannot go along is refused before the first frame, with what to use",
        .mustEnd,
        arguments: [
            ("--audio none.wav -o out.mp4", 66, "none.wav"), ("--audio a.wav#2 -o out.mp4", 69, "no track 2"),
            ("--audio a.wav -o out.h264", 64, "mp4, mov, mkv or webm"),
            ("--audio a.wav --audio-codec copy -o out.mp4", 69, "mov or mkv"),
            ("--audio a.wav --audio-codec flac --audio-bitrate 96k -o out.mp4", 64, "--audio-bitrate"),
            ("--audio a.wav --audio-bitrate 96k -o out.mkv", 64, "--audio-codec"),
            ("--audio-offset 1 -o out.mp4", 64, "--audio-offset"),
            ("--audio-codec opus -o out.mp4", 64, "--audio"), ("--audio v.i420 -o out.mp4", 69, "v.i420"),
            ("--audio a.wav --audio-codec pcm -o out.mp4", 69, "mov or mkv"),
        ]
    )
    func refused(flags: String, status: Int32, says: String) throws {
        try clicks("a.wav", rate: 48_000)
        try folder.fail("\(Self.encode) \(flags)", status: status, saying: says)
        #expect(folder.names == ["a.wav", "v.i420"])
    }

    @Test(
        "The audio of media goes along by itself, is encoded where the container does not hold it, and can be left",
        .mustEnd
    )
    func media() throws {
        try clicks("a.wav", rate: 48_000)
        try folder.succeed("\(Self.encode) --audio a.wav -o in.mp4")
        try folder.succeed("sluice in.mp4 --codec vp9 --preset 5 -o out.webm --verify")
        try expectInStep("out.webm", "out.webm")
        try folder.succeed("cat in.mp4 | sluice - --audio-codec flac -o out.mkv --verify")
        try expectInStep("out.mkv", "out.mkv")
        let left = try folder.succeed("sluice in.mp4 --no-audio -o none.mp4")
        #expect(!left.errors.contains("audio"))
        #expect(
            try folder.succeed("ffprobe -v error -show_entries stream=codec_type -of csv=p=0 none.mp4").lines == [
                "video"
            ]
        )
        // MP3's decoder keeps a packet back: the end of a pipe has it give out all.
        try folder.succeed("ffmpeg -v error -i in.mp4 -c:v copy -c:a libmp3lame mp3.mkv")
        for (input, name) in [("mp3.mkv", "file.mkv"), ("- < mp3.mkv", "pipe.mkv")] {
            try folder.succeed("sluice \(input) --audio-codec pcm -o \(name)")
        }
        #expect(try folder.packets("file.mkv", "a:0").map(\.hash) == folder.packets("pipe.mkv", "a:0").map(\.hash))
        let bare = try folder.succeed("sluice in.mp4 -o none.h264")
        #expect(bare.errors.contains("audio (aac) is dropped"))
    }
}

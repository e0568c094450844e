import Foundation
import Testing

@Suite("Copying audio")
struct CopyAudioTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    struct Sound: CustomTestStringConvertible, Sendable {
        let encoder: String
        let input: String
        let outputs: [String]
        var testDescription: String { "\(encoder) from \(input)" }

        private static let files = ["-o out.mp4", "--fragment -o out.mp4", "--format mp4 -o - > out.mp4"]
        private static let mkv = ["-o out.mkv", "--format mkv -o - > out.mkv"]
        private static let webm = ["--codec vp9 --preset 5 -o out.webm"]

        static let all =
            ["in.mp4", "in.mkv"].flatMap { input in
                ["aac", "libmp3lame", "flac", "ac3", "eac3", "alac", "mp2"].map {
                    Sound(encoder: $0, input: input, outputs: files + mkv)
                } + [
                    Sound(encoder: "libopus", input: input, outputs: files + mkv + webm),
                    Sound(encoder: "libvorbis", input: input, outputs: mkv + webm),
                ]
            } + [Sound(encoder: "pcm_s24le", input: "in.mkv", outputs: mkv)]
    }

    /// How the output calls the file.
    private func name(_ output: String) -> String { String(output.split(separator: " ").last ?? "") }

    /// The packets of audio, at their times from the first frame on.
    private func heard(_ file: String, _ number: Int = 0) throws -> [ProbedPacket] {
        let start = try #require(try folder.packets(file, "v:0").map(\.time).min())
        return try folder.packets(file, "a:\(number)").map { ProbedPacket(time: $0.time - start, hash: $0.hash) }
    }

    private func expectSame(_ ours: [ProbedPacket], _ theirs: [ProbedPacket], within tolerance: Double, _ what: String)
    {
        #expect(ours.map(\.hash) == theirs.map(\.hash), "\(what)")
        let off = zip(ours, theirs).map { abs($0.time - $1.time) }.max() ?? 0
        #expect(off <= tolerance, "\(what): \(off)")
    }

    @Test("Copying audio keeps every packet, each at its time relative to the video", .mustEnd, arguments: Sound.all)
    func samePackets(sound: Sound) throws {
        try folder.film(sound.input, "-c:a \(sound.encoder)")
        let source = try heard(sound.input)
        try #require(source.count > 20)
        for output in sound.outputs {
            let file = name(output)
            try folder.succeed(
                "sluice encode \(sound.input) --copy-audio --quiet --preset veryfast --overwrite \(output)"
                    .replacing("--preset veryfast", with: output.contains("--preset") ? "" : "--preset veryfast")
            )
            let ours = try heard(file)
            // Matroska counts milliseconds, on either side.
            let isExact = sound.input.hasSuffix("mp4") && file.hasSuffix("mp4")
            expectSame(ours, source, within: isExact ? 0.00003 : 0.0016, "\(sound.encoder) \(output)")
            try expectBeginning(file, after: source, sound.encoder)
        }
    }

    /// The video begins at 0 in MP4, where samples that prime a decoder come before. In Matroska, which has no times before 0
    /// except for the codec's own priming, the video begins as much later as audio begins before it.
    private func expectBeginning(_ file: String, after source: [ProbedPacket], _ encoder: String) throws {
        let start = try #require(try folder.packets(file, "v:0").map(\.time).min())
        guard !file.hasSuffix("mp4") else {
            #expect(start == 0, "\(file)")
            return
        }
        let lead = try max(0, -(#require(source.first).time))
        let delay = encoder == "libopus" ? 0.0065 : 0
        #expect(abs(start - max(0, lead - delay)) <= 0.0016, "\(file): \(start)")
    }

    @Test(
        "Copying audio from a transport stream removes the ADTS headers",
        .mustEnd,
        arguments: ["in.ts", "-"],
        ["mp4", "mkv"]
    )
    func transportStream(input: String, format: String) throws {
        try folder.film("in.ts", "-c:a aac -ac 2")
        let encode = "sluice encode \(input) --preset veryfast --copy-audio --verify"
        try folder.succeed("\(input == "-" ? "cat in.ts | " : "")\(encode) -o out.\(format)")
        try folder.succeed("ffmpeg -v error -i in.ts -c copy theirs.\(format)")
        expectSame(try heard("out.\(format)"), try heard("theirs.\(format)"), within: 0.0016, format)
        let decode = "-map 0:a -f s16le"
        try folder.succeed("ffmpeg -v error -xerror -i in.ts \(decode) a.raw")
        try folder.succeed("ffmpeg -v error -xerror -i out.\(format) \(decode) b.raw")
        // What comes before the first frame primes the decoder in MP4: its edit list begins with the video.
        let ours = try heard("out.\(format)")
        let primes = format == "mp4" ? Int((-(try #require(ours.first).time) * 48_000).rounded()) : 0
        #expect(format == "mkv" || (0...2112).contains(primes))
        #expect(try folder.bytes("a.raw").dropFirst(primes * 4).elementsEqual(folder.bytes("b.raw")))
    }

    @Test(
        "Copying audio that begins shortly before the video keeps its beginning (fault E2)",
        .mustEnd,
        arguments: ["aac", "flac", "libopus", "libmp3lame"]
    )
    func soundBeforeVideo(encoder: String) throws {
        try folder.film("even.mp4", "-c:a \(encoder)")
        // Twenty milliseconds of sound, which are not priming: the input's edit list stores the priming.
        try folder.succeed(
            "ffmpeg -v error -itsoffset 0.02 -i even.mp4 -i even.mp4 -map 0:v -map 1:a -c copy -strict -2 in.mp4"
        )
        try folder.succeed("sluice encode in.mp4 --preset veryfast --copy-audio --verify -o out.mp4")
        let decode = "-map 0:a -f s16le"
        try folder.succeed("ffmpeg -v error -i in.mp4 \(decode) a.raw; ffmpeg -v error -i out.mp4 \(decode) b.raw")
        // No audio is cut off; a little of the priming may be heard before it.
        let (theirs, ours) = (try folder.bytes("a.raw"), try folder.bytes("b.raw"))
        #expect(ours.count >= theirs.count && ours.suffix(theirs.count).elementsEqual(theirs))
        let (source, output) = (try heard("in.mp4"), try heard("out.mp4"))
        expectSame(output, source, within: 0.0003, encoder)
    }

    @Test("Copying audio gives the same decoded samples, at the same times", .mustEnd)
    func samples() throws {
        try folder.film("in.mp4", "-c:a aac")
        try folder.succeed("sluice encode in.mp4 --preset veryfast --copy-audio -o out.mp4")
        let decode = "-map 0:a -af aresample=async=1:first_pts=0 -f s16le"
        try folder.succeed("ffmpeg -v error -i in.mp4 \(decode) a.raw; ffmpeg -v error -i out.mp4 \(decode) b.raw")
        #expect(try folder.bytes("a.raw") == folder.bytes("b.raw"))
    }

    @Test("Copying audio cuts it as the video is cut", .mustEnd, arguments: ["mp4", "mkv"], [false, true])
    func cut(format: String, isPiped: Bool) throws {
        try folder.film("in.mkv", "-c:a ac3", seconds: 4)
        let source = isPiped ? "cat in.mkv | sluice encode -" : "sluice encode in.mkv"
        let cut = "--skip 25 --frames 50 --preset veryfast --copy-audio"
        try folder.succeed("\(source) \(cut) -o out.\(format) --receipt out.json")
        let all = try heard("in.mkv").map { ProbedPacket(time: $0.time - 1, hash: $0.hash) }
        // Of AC-3, a packet lasts 32 milliseconds. One that begins before the first frame needs a place before 0.
        let first = format == "mp4" ? -0.032 : -0.001
        let wanted = all.filter { $0.time > first && $0.time < 2 }
        let ours = try heard("out.\(format)")
        expectSame(ours, wanted, within: 0.0016, format)
        #expect(try folder.packets("out.\(format)", "v:0").count == 50)
        let carried = try folder.carriedAudio("out.json")
        #expect(carried.map(\.packets) == [wanted.count] && carried.map(\.codec) == ["ac3"])
    }

    @Test(
        "Copying audio keeps all streams, with language, title and disposition",
        .mustEnd,
        arguments: ["mp4", "mkv"]
    )
    func streams(format: String) throws {
        let more = "-f lavfi -i sine=880:sample_rate=44100:duration=3 -map 0:v -map 1:a -map 2:a -map 2:a"
        let words = "-metadata:s:a:0 language=deu -metadata:s:a:1 language=fra -metadata:s:a:1 title=Commentaire"
        let sound = "-c:a:0 aac -c:a:1 libopus -ac:a:1 2 -c:a:2 libmp3lame \(words)"
        try folder.film("in.mkv", "\(sound) -disposition:a:0 0 -disposition:a:1 default+comment", inputs: more)
        let encode = "sluice encode in.mkv --preset veryfast --copy-audio --audio-length audio --receipt out.json"
        let outcome = try folder.succeed("\(encode) -o out.\(format)")
        #expect(!outcome.errors.contains("dropped"))
        #expect(outcome.errors.contains("aac, opus, mp3"))
        let tags = ":stream_tags=language\(format == "mkv" ? ",title" : "")"
        // MP4 has no word for a commentary.
        let disposition = ":stream_disposition=default\(format == "mkv" ? ",comment" : "")"
        let fields = "stream=codec_name,sample_rate,channels,channel_layout\(tags)\(disposition)"
        let show = "ffprobe -v error -select_streams a -show_entries \(fields) -of compact"
        let (ours, theirs) = (try folder.succeed("\(show) out.\(format)"), try folder.succeed("\(show) in.mkv"))
        let languages = { (line: Substring) in line.replacing("|tag:language=und", with: "") }
        if format == "mkv" { #expect(ours.lines.map(languages) == theirs.lines.map(languages)) }
        for word in ["codec_name=aac", "tag:language=deu", "codec_name=opus", "tag:language=fra", "codec_name=mp3"] {
            #expect(ours.text.contains(word), "\(word)")
        }
        for number in 0..<3 {
            let (own, other) = (try heard("out.\(format)", number), try heard("in.mkv", number))
            expectSame(own, other, within: 0.0016, "stream \(number)")
        }
        let carried = try folder.carriedAudio("out.json")
        #expect(carried.map(\.codec) == ["aac", "opus", "mp3"])
        #expect(try carried.map(\.packets) == (0..<3).map { try folder.packets("out.\(format)", "a:\($0)").count })
    }

    @Test(
        "Copying audio keeps the chunk lines exact, and the output verifiable",
        .mustEnd,
        arguments: [
            "--codec h264 --preset veryfast -o out.mp4", "--codec h264 --preset veryfast --fragment -o out.mp4",
            "--codec av1 --preset 6 -o out.mp4", "--codec hevc --preset ultrafast --fragment -o out.mp4",
            "--codec vp9 --preset 5 -o out.mkv", "--codec h264 --preset veryfast -o out.mkv",
            "--codec av1 --preset 6 -o out.webm",
        ]
    )
    func chunkLines(output: String) throws {
        let file = name(output)
        let more = "-f lavfi -i sine=880:duration=2 -map 0:v -map 1:a -map 2:a"
        try folder.film("in.mkv", "-c:a libopus", inputs: more)
        try folder.succeed("sluice encode in.mkv --copy-audio --verify --chunks out.jsonl \(output)", timeLimit: 120)
        let (bytes, lines) = (try folder.bytes(file), try folder.chunks("out.jsonl"))
        let payloads = lines.map { bytes[$0.offset..<($0.offset + $0.size)] }
        try folder.write(payloads.flatMap { $0 }, to: "payloads")
        try folder.succeed("ffmpeg -v error -i \(file) -map 0:v -c copy -f data theirs")
        #expect(lines.count == 50)
        #expect(try folder.bytes("payloads") == folder.bytes("theirs"))
        #expect(try folder.frameCount(file) == 50)
        try folder.succeed("sluice decode \(file) -p i420 -o out.raw && sluice inspect \(file)")
        #expect(try folder.bytes("out.raw").count == 50 * 96 * 64 * 3 / 2)
    }

    @Test(
        "Copying audio interleaves it with its pictures",
        .mustEnd,
        arguments: [1, 2] as [UInt8]
    )
    func interleaving(last: UInt8) throws {
        let apart = "-movflags empty_moov+separate_moof+frag_keyframe+default_base_moof -frag_duration 500000 -g 12"
        try folder.film("apart.mp4", "-c:a aac -bf 0 \(apart)", seconds: 6)
        try folder.write(Fragments.moved(folder.bytes("apart.mp4"), last: last), to: "in.mp4")
        let source = try heard("in.mp4")
        for output in ["out.mp4", "out.mkv"] {
            try folder.succeed("sluice encode in.mp4 --preset veryfast --copy-audio -o \(output)")
            expectSame(try heard(output), source, within: 0.0016, output)
            let order = try folder.succeed(
                "ffprobe -v error -show_entries packet=dts_time,codec_type,pos -of csv=p=0 \(output) | sort -t, -k3,3n"
            )
            let times = order.lines.map { $0.split(separator: ",") }.filter { $0.count >= 3 }
            var latest = ["audio": 0.0, "video": 0.0]
            for packet in times {
                guard let time = Double(packet[1]) else { continue }
                latest[String(packet[0])] = time
                #expect(abs((latest["audio"] ?? 0) - (latest["video"] ?? 0)) < 0.5, "\(output)")
            }
            #expect(times.count > 300)
        }
    }

    @Test(
        "Copying audio after a signal ends with the video, and plays",
        .mustEnd,
        arguments: ["mp4", "mkv"]
    )
    func interrupted(format: String) throws {
        try folder.film("in.mkv", "-c:a aac", seconds: 60, size: "640x360")
        let running = try Running("encode in.mkv --preset veryslow --copy-audio -o out.\(format)", in: folder)
        try #require(running.wait(until: { running.unnamedBytes ?? 0 > 60_000 }))
        running.child.send(SIGINT)
        #expect(running.child.wait(atMost: 30) == .signaled(SIGINT))
        let file = "out.\(format).partial"
        // What the decoder still had may leave a gap before the last frame.
        let end = try #require(try folder.packets(file, "v:0").map(\.time).max()) + 0.04
        let (ours, theirs) = (try heard(file), try heard("in.mkv"))
        let kept = theirs.filter { $0.time < end - 0.001 }
        #expect(end < 60 && abs(ours.count - kept.count) <= 1)
        #expect(ours.map(\.hash) == theirs.prefix(ours.count).map(\.hash))
        try folder.succeed("ffmpeg -v error -xerror -i \(file) -f null -")
    }
}

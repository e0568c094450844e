import Foundation
import Testing

@Suite("Metadata, chapters and timecodes of an output", .mustEnd)
struct MetadataTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed("sluice testsrc -s 96x64 -p i420 --frames 100 > in.yuv")
        try folder.write("00:00:00 Begin\n00:01.5 Middle é\n0:00:03.000 End of it\n", to: "chapters.txt")
    }

    private static let input = "in.yuv -s 96x64 -r 25 -p i420 --quiet --overwrite"
    private static let outputs = [
        "-o o.mp4", "-o o.mov", "-o o.mkv", "--codec vp8 -o o.webm", "--index-at-end -o o.mp4",
        "--index-at-end -o o.mkv",
        "--fragment -o o.mp4", "--parallel 2 -o o.mp4", "--format mp4 -o - > o.mp4", "--format mov -o - > o.mov",
        "--format mkv -o - > o.mkv", "--codec vp8 --format webm -o - > o.webm",
    ]

    private func name(_ output: String) throws -> String {
        try #require(output.split(separator: " ").last.map(String.init))
    }

    /// ffprobe's tags of the file or of the video, by keys in small letters.
    private func tags(_ file: String, of part: String) throws -> [String: String] {
        let section = part == "format" ? "format_tags" : "stream_tags"
        let select = part == "format" ? "" : "-select_streams v:0"
        let lines = try folder.succeed(
            "ffprobe -v error \(select) -show_entries \(section) -of default=nk=0:nw=1 \(file)"
        ).lines
        return Dictionary(
            lines.compactMap { line in
                let parts = line.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, parts[0].hasPrefix("TAG:") else { return nil }
                return (parts[0].dropFirst(4).lowercased(), String(parts[1]))
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// ffprobe's chapters, as `start-end title`.
    private func chapters(_ file: String) throws -> [String] {
        let entries = "chapter=start_time,end_time:chapter_tags=title"
        return try folder.succeed(
            "ffprobe -v error -show_chapters -show_entries \(entries) -of compact=nk=1:p=0 \(file)"
        ).lines
            .map { line in
                let parts = line.split(separator: "|").map(String.init)
                return "\(Double(parts[0]) ?? -1)-\(Double(parts[1]) ?? -1) \(parts.last ?? "")"
            }
    }

    /// Every packet of the video is at its time.
    private func expectTimes(_ file: String, _ count: Int = 100) throws {
        let times = try folder.packets(file, "v:0").map(\.time).sorted()
        #expect(
            times.count == count && times.first == 0 && abs((times.last ?? 0) - Double(count - 1) / 25) < 0.001,
            "\(file)"
        )
    }

    @Test("Text, language, chapters and a timecode are in every container, to a file and to a pipe", arguments: outputs)
    func everything(output: String) throws {
        let file = try name(output)
        let words = "--title 'A T' --metadata artist=Mé --metadata creation_time=2024-05-01T12:00:00Z --language de"
        let flags = "\(words) --timecode 01:00:00:00 --chapters chapters.txt --chunks c.jsonl"
            .replacing("--chunks c.jsonl", with: output.contains("o -") ? "" : "--chunks c.jsonl")
        try folder.succeed("sluice \(Self.input) \(flags) \(output)")
        let (ofFile, ofVideo) = (try tags(file, of: "format"), try tags(file, of: "video"))
        #expect(ofFile["title"] == "A T" && ofFile["artist"] == "Mé")
        #expect(ofFile["creation_time"] == "2024-05-01T12:00:00.000000Z")
        #expect(ofVideo["timecode"] == "01:00:00:00" && ["deu", "ger"].contains(ofVideo["language"]))
        // Matroska to a pipe cannot know how long the last one is.
        let end = output.contains("> o.mkv") || output.contains("> o.webm") ? "3.0" : "4.0"
        #expect(try chapters(file) == ["0.0-1.5 Begin", "1.5-3.0 Middle é", "3.0-\(end) End of it"])
        try expectTimes(file)
        #expect(try folder.frameHashes(file).count == 100)
    }

    @Test(
        "The same metadata gives the same bytes, without a date or a version of a library",
        arguments: ["mp4", "mov", "mkv"]
    )
    func sameBytes(format: String) throws {
        let flags = "--title T --chapters chapters.txt --timecode 10:00:00:00"
        try folder.succeed("sluice \(Self.input) \(flags) -o a.\(format) && sleep 1.1")
        try folder.succeed("sluice \(Self.input) \(flags) -o b.\(format) && cmp a.\(format) b.\(format)")
        try folder.succeed("! grep -aE 'Lav[fc][0-9]' a.\(format)")
    }

    @Test("mkvtoolnix finds the chapters of an MKV by its seek head")
    func matroska() throws {
        guard try folder.run("command -v mkvextract").ending == .exited(0) else { return }
        for flags in ["", "--index-at-end"] {
            try folder.succeed("sluice \(Self.input) --chapters chapters.txt \(flags) -o o.mkv")
            let text = try folder.succeed("mkvextract --output-charset UTF-8 o.mkv chapters -s -").text
            #expect(text.contains("CHAPTER02=00:00:01.500") && text.contains("CHAPTER02NAME=Middle"), "\(text)")
            // The checksums of all elements are right.
            let log = try folder.run("ffmpeg -v warning -err_detect crccheck+explode -i o.mkv -f null -").errors
            #expect(log == "", "\(log)")
        }
    }

    @Test("What media stores of itself goes along, and --no-metadata leaves it out")
    func carried() throws {
        try folder.write(
            ";FFMETADATA1\ntitle=Film\nartist=Me\ndate=2021\nlocation=+48.8577+002.2950/\nfoo=bar\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=2000\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=2000\nEND=4000\ntitle=T\\=wo\n",
            to: "meta.txt"
        )
        try folder.succeed("sluice \(Self.input) --language fra --timecode 01:00:00:00 --preset ultrafast -o plain.mp4")
        try folder.succeed(
            "ffmpeg -v error -i plain.mp4 -i meta.txt -map 0:v -map_metadata 1 -map_chapters 1 -c copy -metadata:s:v language=fra -metadata:s:v timecode=01:00:00:00 -metadata creation_time=2020-01-01T00:00:00Z in.mkv"
        )
        for file in ["o.mp4", "o.mov", "o.mkv"] {
            let outcome = try folder.succeed("sluice in.mkv --preset ultrafast --overwrite -o \(file)")
            let (ofFile, ofVideo) = (try tags(file, of: "format"), try tags(file, of: "video"))
            #expect(ofFile["title"] == "Film" && ofFile["artist"] == "Me" && ofFile["date"] == "2021", "\(file)")
            #expect(ofFile["location"]?.hasPrefix("+48.857") == true && ofFile["creation_time"] == nil, "\(file)")
            #expect(ofVideo["timecode"] == "01:00:00:00" && ofVideo["language"]?.hasPrefix("fr") == true, "\(file)")
            #expect(try chapters(file) == ["0.0-2.0 One", "2.0-4.0 T=wo"], "\(file)")
            // What has no place is named, and nothing else.
            #expect(
                outcome.errors.contains("foo") == !file.hasSuffix("mkv") && outcome.errors.contains("creation_time")
            )
            #expect(!outcome.errors.contains("chapter") && !outcome.errors.contains("timecode"), "\(outcome.errors)")
        }
        try folder.succeed(
            "sluice in.mkv --preset ultrafast --overwrite --metadata artist= --title Other --no-chapters -o o.mkv"
        )
        let ofFile = try tags("o.mkv", of: "format")
        #expect(ofFile["title"] == "Other" && ofFile["artist"] == nil && ofFile["foo"] == "bar")
        #expect(try chapters("o.mkv") == [])
        let bare = try folder.succeed("sluice in.mkv --preset ultrafast --overwrite --no-metadata -o o.mkv")
        #expect(!bare.errors.contains("dropped"), "\(bare.errors)")
        #expect(try Set(tags("o.mkv", of: "format").keys) == ["encoder"] && chapters("o.mkv") == [])
        #expect(try tags("o.mkv", of: "video")["timecode"] == nil)
    }

    @Test(
        "Chapters and timecode of media move with the frames that are encoded",
        arguments: ["o.mp4", "o.mov", "o.mkv"]
    )
    func cut(file: String) throws {
        try folder.succeed("sluice \(Self.input) --timecode 01:00:00:00 --chapters chapters.txt -o in.mp4")
        for flags in ["", "--parallel 2", "--filter hflip"] {
            let outcome = try folder.succeed(
                "sluice in.mp4 --skip 50 --frames 45 \(flags) --preset ultrafast --overwrite --verify --json -o \(file)"
                    .replacing("--parallel 2", with: "--parallel 2 --segment-frames 20")
            )
            #expect(try chapters(file) == ["0.0-1.0 Middle é", "1.0-1.8 End of it"], "\(flags)")
            #expect(try tags(file, of: "video")["timecode"] == "01:00:02:00", "\(flags)")
            #expect(
                outcome.text.contains("\"timecode\":\"01:00:02:00\"")
                    && outcome.text.contains("\"title\":\"End of it\"")
            )
            try expectTimes(file, 45)
        }
    }

    @Test("Chapters after the last frame are dropped with a notice, and the last one ends with it")
    func afterTheEnd() throws {
        try folder.write("0:00 A\n0:03 B\n0:09 C\n", to: "long.txt")
        let outcome = try folder.succeed(
            "sluice in.yuv -s 96x64 -r 25 -p i420 --chapters long.txt -o o.mp4 --overwrite"
        )
        #expect(try chapters("o.mp4") == ["0.0-3.0 A", "3.0-4.0 B"])
        #expect(outcome.errors.contains("1 chapter is dropped"), "\(outcome.errors)")
    }

    @Test("Chapters do not change the beginning of MP4 with B-frames and audio")
    func withAudio() throws {
        try folder.succeed(
            "ffmpeg -v error -f rawvideo -s 96x64 -r 25 -pix_fmt yuv420p -i in.yuv -f lavfi -i sine=d=4 -c:v mpeg4 -c:a aac -shortest in.mp4"
        )
        for file in ["a.mp4", "a.mov"] {
            try folder.succeed(
                "sluice in.mp4 --copy-audio -o \(file) && sluice in.mp4 --copy-audio --chapters chapters.txt --timecode 00:00:00:00 -o b\(file)"
            )
            for stream in ["v:0", "a:0"] {
                let (plain, own) = (try folder.packets(file, stream), try folder.packets("b\(file)", stream))
                #expect(!plain.isEmpty && plain.map(\.time) == own.map(\.time) && plain.map(\.hash) == own.map(\.hash))
            }
        }
    }

    @Test(
        "A drop-frame timecode moves with the frames that are skipped",
        arguments: [0, 1, 1798, 1799, 1800, 17_980, 17_982]
    )
    func dropFrame(skip: Int) throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i color=s=16x16:r=30000/1001 -frames:v \(skip + 2) -c:v mpeg4 -timecode '00:58:59;28' in.mov"
        )
        try folder.succeed("sluice in.mov --skip \(skip) --preset ultrafast --quiet -o o.mov")
        let found = try tags("o.mov", of: "video")["timecode"]
        #expect(found == DropFrame.label(after: skip), "\(skip)")
    }

    @Test(
        "Metadata that cannot be stored is refused before the first frame",
        arguments: [
            ("--title T -o o.h264", 64, "mp4, mov, mkv or webm"),
            ("--title T --codec vp9 -o o.ivf", 64, "IVF cannot store metadata"),
            ("--metadata foo=bar -o o.mp4", 64, "the key foo"),
            ("--metadata composer=me -o o.mov", 64, "the key composer"),
            ("--metadata creation_time=now -o o.mp4", 64, "not a date"),
            ("--metadata language=eng -o o.mkv", 64, "--language"),
            ("--metadata track=x -o o.mp4", 64, "number"), ("--metadata location=Rome -o o.mp4", 64, "ISO 6709"),
            ("--language xyz -o o.mp4", 64, "ISO 639-2"), ("--language tlh -o o.mov", 64, "language tlh"),
            ("--language en-US -o o.mp4", 64, "ISO 639-2"), ("--timecode 1:0:0 -o o.mp4", 64, "01:00:00:00"),
            ("--timecode 01:00:00:25 -o o.mp4", 64, "numbered to 24"),
            ("--timecode '01:00:00;00' -o o.mp4", 64, "30000/1001"),
            ("--timecode 01:00:00:00 -o o.h264", 64, "mp4"), ("--chapters chapters.txt -o o.h264", 64, "mp4"),
            ("--chapters none.txt -o o.mp4", 66, "none.txt"), ("--chapters in.yuv -o o.mp4", 65, "in.yuv"),
            ("--chapters chapters.txt --no-chapters -o o.mp4", 64, "exclude"),
            ("--title A --metadata title=B -o o.mp4", 64, "exclude"),
            ("--metadata artist=A --metadata ARTIST=B -o o.mp4", 64, "two values"),
        ]
    )
    func refusals(arguments: String, status: Int32, words: String) throws {
        try folder.fail("sluice \(Self.input) \(arguments)", status: status, saying: words)
        #expect(!folder.exists("o.mp4") && !folder.exists("o.h264"))
    }

    @Test("A variable rate has no timecode")
    func variableRate() throws {
        try folder.write("# timestamp format v2\n" + (0..<100).map { "\($0 * $0)\n" }.joined(), to: "times.txt")
        let times = "in.yuv -s 96x64 -p i420 --frame-times times.txt --duration-of-last 0.1"
        try folder.fail("sluice \(times) --timecode 01:00:00:00 -o o.mp4", status: 64, saying: "constant rate")
        try folder.succeed("sluice \(times) --chapters chapters.txt --preset ultrafast -o o.mp4")
        #expect(try chapters("o.mp4").last == "3.0-9.901 End of it")
    }

    @Test("A plan refuses metadata, and join stores it")
    func shards() throws {
        let plan =
            "sluice plan \(Self.input.replacing("--quiet --overwrite", with: "")) --format mp4 --segment-frames 50"
        try folder.fail("\(plan) --title T -o plan.json", status: 64, saying: "sluice join")
        try folder.succeed(
            "\(plan) -o plan.json && sluice shard plan.json --index 0 && sluice shard plan.json --index 1"
        )
        let words = "--title T --language eng --chapters chapters.txt --timecode 01:00:00:00"
        try folder.succeed("sluice join plan.json \(words) -o joined.mp4")
        try folder.succeed(
            "sluice \(Self.input) \(words) --parallel 2 --segment-frames 50 -o whole.mp4 && cmp whole.mp4 joined.mp4"
        )
        try folder.fail("sluice join plan.json --metadata foo=bar -o other.mp4", status: 64, saying: "foo")
    }

    @Test("A batch has the flags as keys, and encodes again when the list of chapters changes")
    func batch() throws {
        try folder.write(
            "jobs:\n- input: in.yuv\n  output: o.mkv\n  size: 96x64\n  framerate: 25\n  pixel-format: i420\n  title: A film\n  metadata: [artist=Me, album=X]\n  language: eng\n  timecode: '01:00:00:00'\n  chapters: chapters.txt\n",
            to: "batch.yaml"
        )
        try folder.succeed("sluice batch batch.yaml")
        let found = try tags("o.mkv", of: "format")
        #expect(found["title"] == "A film" && found["artist"] == "Me" && found["album"] == "X")
        #expect(try chapters("o.mkv").count == 3)
        try folder.write("0:00 Only\n", to: "chapters.txt")
        try folder.succeed("sluice batch batch.yaml --overwrite")
        #expect(try chapters("o.mkv") == ["0.0-4.0 Only"])
    }
}

/// The label of a later frame at 30000/1001 frames a second, counted one by one (SMPTE ST 12-1).
private enum DropFrame {
    static func label(after count: Int) -> String {
        var (hours, minutes, seconds, frames) = (0, 58, 59, 28)
        for _ in 0..<count {
            frames += 1
            guard frames == 30 else { continue }
            (frames, seconds) = (0, seconds + 1)
            guard seconds == 60 else { continue }
            (seconds, minutes) = (0, minutes + 1)
            if minutes == 60 { (minutes, hours) = (0, hours + 1) }
            if minutes % 10 != 0 { frames = 2 }
        }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(hours)):\(two(minutes)):\(two(seconds));\(two(frames))"
    }
}

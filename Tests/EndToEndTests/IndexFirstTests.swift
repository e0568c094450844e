import Testing

@Suite("The index of a file is in front of its frames", .mustEnd)
struct IndexFirstTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.succeed("sluice testsrc -s 96x64 -p i420 --frames 40 > in.yuv")
    }

    private static let input = "in.yuv -s 96x64 -r 25 -p i420"

    @Test(
        "An MP4, MKV or WebM file has its index before its frames, which are the same as with --index-at-end",
        arguments: [
            "--codec h264 -o o.mp4", "--codec hevc --preset ultrafast -o o.mp4", "--codec vp9 -o o.mp4",
            "--codec h264 -o o.mov",
            "--codec h264 -o o.mkv",
            "--codec vp8 -o o.webm", "--codec av1 --preset 8 --verify -o o.mp4",
            "--codec h264 --latency-mode realtime -o o.mkv",
            "--codec h264 --parallel 2 --verify -o o.mp4",
        ]
    )
    func order(encode: String) throws {
        let name = try #require(encode.split(separator: " ").last.map(String.init))
        try folder.succeed("sluice \(Self.input) \(encode) --chunks first.jsonl")
        let front = try layout(name)
        let pictures = try hashes(name)
        let packets = try places(name)
        try folder.succeed("sluice \(Self.input) \(encode) --chunks last.jsonl --overwrite --index-at-end")
        let back = try layout(name)
        let (index, frames) = Self.isMovie(name) ? ("moov", "mdat") : ("Cues", "Cluster")
        #expect(front.firstIndex(of: index) ?? 99 < front.firstIndex(of: frames) ?? -1, "\(front)")
        #expect(back.firstIndex(of: index) ?? -1 > back.firstIndex(of: frames) ?? 99, "\(back)")
        let others = try hashes(name)
        #expect(pictures.count == 40 && pictures == others)
        // The oracle of where chunks are: ffprobe, of both files.
        #expect(packets.count == 40)
        if name.hasSuffix("mp4") {
            #expect(try folder.chunkPlaces("first.jsonl") == packets)
            #expect(try folder.chunkPlaces("last.jsonl") == places(name))
        }
        let moved = zip(try folder.chunkPlaces("first.jsonl"), try folder.chunkPlaces("last.jsonl")).map { $0 - $1 }
        #expect(Set(moved).count == 1 && moved[0] > 0)
    }

    @Test("The bytes behind the places of chunk lines are those of the chunks in every container")
    func contents() throws {
        for name in ["o.mp4", "o.mkv", "o.webm"] {
            try folder.succeed("sluice \(Self.input) --codec vp9 -o \(name) --chunks c.jsonl --overwrite")
            try folder.succeed("sluice \(Self.input) --codec vp9 -o o.ivf --chunks i.jsonl --overwrite")
            let (bytes, plain) = (try folder.bytes(name), try folder.bytes("o.ivf"))
            let (chunks, expected) = (try folder.chunkRanges("c.jsonl"), try folder.chunkRanges("i.jsonl"))
            #expect(
                chunks.count == 40 && chunks.map { Array(bytes[$0]) } == expected.map { Array(plain[$0]) },
                "\(name)"
            )
        }
    }

    @Test(
        "A file of more than 32 MiB has the same bytes whether the file system inserts the room for its index or the frames are copied"
    )
    func large() throws {
        try folder.succeed("head -c $((1280 * 720 * 3 / 2 * 26)) /dev/urandom > noise.yuv")
        let encode = "sluice noise.yuv -s 1280x720 -r 25 -p i420 --codec h264 --preset ultrafast --lossless --quiet"
        try folder.succeed(
            "\(encode) -o a.mp4 && d=$(mktemp -d /dev/shm/sluice.XXXXXX) && \(encode) -o $d/b.mp4 && cmp a.mp4 $d/b.mp4; s=$?; rm -r $d; exit $s"
        )
        #expect(try folder.bytes("a.mp4").count > 32 << 20)
        #expect(try layout("a.mp4").prefix(3) == ["ftyp", "moov", "free"])
        let decoded = "ffmpeg -v error -i a.mp4 -f rawvideo - | cmp - noise.yuv"
        try folder.succeed(decoded)
    }

    @Test("Audio is in step in a file whose index has moved")
    func audio() throws {
        try folder.succeed(
            "ffmpeg -v error -f rawvideo -s 96x64 -r 25 -i in.yuv -f lavfi -i sine=d=1.6 -c:v mpeg4 -c:a aac -shortest a.mp4"
        )
        for name in ["o.mp4", "o.mkv"] {
            try folder.succeed("sluice a.mp4 --codec h264 --copy-audio --verify -o \(name)")
            try folder.succeed("sluice a.mp4 --codec h264 --copy-audio --index-at-end -o last-\(name)")
            let sound = { (file: String) in
                try folder.succeed("ffmpeg -v error -i \(file) -map a -f framemd5 - | grep -v '^#'").output
            }
            let (own, other) = (try sound(name), try sound("last-\(name)"))
            #expect(!own.isEmpty && own == other, "\(name)")
        }
        #expect(try layout("o.mp4").firstIndex(of: "moov") == 1)
    }

    @Test(
        "What an index at the end, or places that are known at the end, do not go with is refused with what to use",
        arguments: [
            ("--codec h264 --index-at-end -o o.h264", "use mp4"),
            ("--codec h264 --index-at-end --fragment -o o.mp4", "exclude each other"),
            ("--codec h264 --index-at-end --format mp4 -o - > o.mp4", "is for files"),
            ("--codec h264 -o o.mp4 --chunks - > lines", "--index-at-end"),
            ("--codec vp9 -o o.webm --chunks - > lines", "--index-at-end"),
        ]
    )
    func refusals(encode: String, words: String) throws {
        let outcome = try folder.run("sluice \(Self.input) \(encode)")
        #expect(outcome.ending == .exited(69), "\(outcome.errors)")
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
        let left = try folder.exists("o.mp4") ? folder.bytes("o.mp4").count : 0
        #expect(left == 0)
    }

    @Test("Chunk lines go to a pipe while the file is written if its index is at the end")
    func lines() throws {
        let outcome = try folder.succeed("sluice \(Self.input) --codec h264 -o o.mp4 --index-at-end --chunks -")
        #expect(outcome.lines.count == 40)
    }

    /// The names of the boxes, or of the elements in the segment, in order.
    private func layout(_ name: String) throws -> [String] {
        let bytes = try folder.bytes(name)
        return Self.isMovie(name) ? Self.boxes(bytes) : Self.elements(bytes)
    }

    private static func isMovie(_ name: String) -> Bool { name.hasSuffix("mp4") || name.hasSuffix("mov") }

    private static func boxes(_ bytes: [UInt8]) -> [String] {
        var (place, names) = (0, [String]())
        while place + 8 <= bytes.count {
            names.append(String(decoding: bytes[(place + 4)..<(place + 8)], as: UTF8.self))
            place += max(8, number(bytes[place..<(place + 4)]))
        }
        return names
    }

    /// Elements of the segment by the names that matter here (RFC 9559).
    private static func elements(_ bytes: [UInt8]) -> [String] {
        let known = [0x1C53_BB6B: "Cues", 0x1F43_B675: "Cluster"]
        var (place, names) = (0, [String]())
        while place < bytes.count {
            let idLength = bytes[place].leadingZeroBitCount + 1
            let id = number(bytes[place..<(place + idLength)])
            let sizeLength = bytes[place + idLength].leadingZeroBitCount + 1
            let size =
                number(bytes[(place + idLength)..<(place + idLength + sizeLength)]) & ((1 << (7 * sizeLength)) - 1)
            place += idLength + sizeLength
            if let name = known[id] { names.append(name) }
            if id != 0x1853_8067 { place += size }
        }
        return names
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    private func hashes(_ name: String) throws -> [String] {
        try folder.succeed("ffmpeg -v error -i \(name) -f framemd5 - | grep -v '^#'").lines.map(String.init)
    }

    private func places(_ name: String) throws -> [Int] {
        try folder.succeed("ffprobe -v error -select_streams v -show_entries packet=pos -of csv=p=0 \(name)").lines
            .compactMap { Int($0.prefix { $0.isNumber }) }
    }
}

extension TemporaryFolder {
    fileprivate func chunkRanges(_ name: String) throws -> [Range<Int>] {
        try text(name).split(separator: "\n").compactMap { line in
            guard let offset = line.firstMatch(of: /"offset":(\d+)/).flatMap({ Int($0.output.1) }),
                let size = line.firstMatch(of: /"size":(\d+)/).flatMap({ Int($0.output.1) })
            else { return nil }
            return offset..<offset + size
        }
    }

    fileprivate func chunkPlaces(_ name: String) throws -> [Int] { try chunkRanges(name).map(\.lowerBound) }
}

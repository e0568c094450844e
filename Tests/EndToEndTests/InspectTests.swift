import Foundation
import Testing

/// The object of `inspect --json`.
private struct Report: Decodable {
    struct Unit: Decodable {
        struct Quantizer: Decodable {
            let average: Double
            let min: Int
            let max: Int
        }

        struct Part: Decodable {
            let name: String
            let size: Int
        }

        let index: Int
        let type: String
        let isKey: Bool
        let isReference: Bool
        let size: Int
        let timestamp: Int
        let quantizer: Quantizer?
        let temporalLayer: Int?
        let psnr: Double?
        let isShown: Bool
        let parts: [Part]
    }

    struct Level: Decodable {
        struct Excess: Decodable {
            let subject: String
            let numbers: String
        }

        let level: String?
        let lowestLevel: String?
        let excesses: [Excess]
    }

    struct Words: Decodable {
        struct Field: Decodable {
            let name: String
            let value: String
        }

        let title: String
        let fields: [Field]
    }

    let codecString: String
    struct Pictures: Decodable {
        let unit: Int
        let width: Int
        let height: Int
    }

    let width: Int
    let height: Int
    let pictures: [Pictures]
    let frames: Int
    let shownFrames: Int
    let duration: Int
    let keyFrames: Int
    let bytes: Int
    let targetBitrate: Int?
    let level: Level
    let parameterSets: [Words]
    let units: [Unit]
}

@Suite("Inspecting")
struct InspectTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A stream and how it is made of moving shapes; ffmpeg's encoders, x264, or ours.
    struct Case: Sendable, CustomTestStringConvertible {
        let file: String
        let script: String
        var testDescription: String { file }
    }

    private static let source = "ffmpeg -v error -f lavfi -i testsrc2=s=192x112:r=25 -frames:v 40 -pix_fmt yuv420p"
    private static let piped = "\(source) -f yuv4mpegpipe - | sluice - --overwrite"

    static let cases: [Case] = [
        Case(file: "a.mp4", script: "\(source) -c:v libx264 -bf 3 -g 15 a.mp4"),
        Case(file: "a.h264", script: "\(piped) --codec h264 --key-frame-interval 12 -o a.h264"),
        Case(file: "slices.mkv", script: "\(source) -c:v libx264 -x264-params slices=3:bframes=2 slices.mkv"),
        Case(file: "h265.mp4", script: "\(source) -c:v libx265 -x265-params log-level=none:keyint=16 h265.mp4"),
        Case(file: "a.hevc", script: "\(source) -c:v libx265 -x265-params log-level=none:slices=2:bframes=3 a.hevc"),
        Case(file: "vp8.webm", script: "\(source) -c:v libvpx -auto-alt-ref 0 -b:v 200k -g 15 vp8.webm"),
        Case(file: "vp8.ivf", script: "\(piped) --codec vp8 --quantizer 30 -o vp8.ivf"),
        Case(file: "vp9.webm", script: "\(source) -c:v libvpx-vp9 -b:v 200k -g 15 vp9.webm"),
        Case(file: "vp9.ivf", script: "\(piped) --codec vp9 --bitrate 200k -o vp9.ivf"),
        Case(file: "av1.mp4", script: "\(source) -c:v libaom-av1 -cpu-used 8 -b:v 200k -g 15 av1.mp4"),
        Case(file: "av1.ivf", script: "\(piped) --codec av1 --bitrate 200k -o av1.ivf"),
    ]

    private func inspect(_ arguments: String) throws -> Report {
        let output = try folder.succeed("sluice inspect \(arguments) --json").output
        return try JSONDecoder().decode(Report.self, from: output)
    }

    /// The packets, or the frames that are shown, as ffprobe has them.
    private func probe(_ kind: String, _ fields: String, of file: String) throws -> [[String: String]] {
        let script = "ffprobe -v error -select_streams v:0 -show_entries \(kind)=\(fields) -of json \(file)"
        let object = try JSONSerialization.jsonObject(with: try folder.succeed(script).output) as? [String: Any]
        let items = object?["\(kind)s"] as? [[String: Any]] ?? []
        return items.map { $0.mapValues { "\($0)" } }
    }

    @Test("Inspecting finds the packets and the types of pictures that ffprobe finds", .mustEnd, arguments: cases)
    func ffprobe(item: Case) throws {
        try folder.succeed(item.script)
        let report = try inspect(item.file)
        #expect(report.frames == 40 && report.units.count == 40)
        let packets = try probe("packet", "size,flags,pts_time", of: item.file)
        try #require(packets.count == 40)
        // ffprobe counts a unit's first zero (`zero_byte`) with the unit before, where it finds out by itself where they
        // begin; all in all there are as many bytes.
        let sizes = try packets.map { try #require($0["size"].flatMap { Int($0) }) }
        let mayDiffer = item.file.hasSuffix(".hevc") ? 1 : 0
        #expect(zip(report.units, sizes).allSatisfy { abs($0.size - $1) <= mayDiffer }, "\(sizes)")
        #expect(report.units.map(\.size).reduce(0, +) == sizes.reduce(0, +))
        #expect(report.units.map(\.isKey) == packets.map { $0["flags"]?.hasPrefix("K") == true })
        let frames = try probe("frame", "pict_type", of: item.file).map { $0["pict_type"] }
        // ffprobe's frames come in the order in which they are shown.
        #expect(report.units.sorted { $0.timestamp < $1.timestamp }.map(\.type) == frames)
        guard !["h264", "hevc"].contains(where: item.file.hasSuffix) else { return }
        for (unit, packet) in zip(report.units, packets) {
            let time = try #require(packet["pts_time"].flatMap { Double($0) })
            #expect(abs(Double(unit.timestamp) / 1e6 - time) < 0.0011)
        }
    }

    @Test(
        "Inspecting reads the requested quantizer",
        .mustEnd,
        arguments: [("h264", 21, 21), ("hevc", 33, 33), ("vp8", 40, 59), ("vp9", 20, 80), ("av1", 35, 140)]
    )
    func quantizer(codec: String, asked: Int, read: Int) throws {
        try folder.succeed("\(Self.piped) --codec \(codec) --quantizer \(asked) -o a.mkv")
        let report = try inspect("a.mkv")
        let levels = Set(report.units.compactMap { $0.quantizer?.average })
        #expect(report.units.allSatisfy { $0.quantizer.map { $0.min <= $0.max } ?? true })
        // Encoders take other quantizers for frames that are hidden, or refer to none.
        #expect(levels.contains(Double(read)), "\(levels)")
    }

    @Test("Inspecting reads the quantizers that x264 reports", .mustEnd)
    func x264() throws {
        try folder.succeed("\(Self.source) a.y4m && x264 --quiet --qp 30 --ipratio 1.4 --pbratio 1.3 -o a.h264 a.y4m")
        let report = try inspect("a.h264")
        let byType = Dictionary(grouping: report.units, by: \.type).mapValues { units in
            Set(units.compactMap { $0.quantizer?.average })
        }
        #expect(byType["P"] == [30] && byType["I"] == [27], "\(byType)")
        #expect(byType["B"].map { $0.isSubset(of: [31, 32]) } == true, "\(byType)")
    }

    @Test("Inspecting reports which stream exceeds its level, and in what", .mustEnd)
    func level() throws {
        let large = "ffmpeg -v error -f lavfi -i testsrc2=s=640x480:r=50 -frames:v 30 -pix_fmt yuv420p a.y4m"
        try folder.succeed("\(large) && x264 --quiet --level 1.1 --ref 5 --qp 10 -o a.h264 a.y4m")
        let report = try inspect("a.h264")
        let subjects = report.level.excesses.map(\.subject).joined(separator: "; ")
        #expect(report.level.level == "1.1" && report.codecString.hasSuffix("0B"))
        for subject in [
            "macroblocks of a frame", "macroblocks a second", "decoded picture buffer", "bits in the coded",
        ] {
            #expect(subjects.contains(subject), "\(subjects)")
        }
        #expect(report.level.lowestLevel.flatMap { Double($0) }.map { $0 >= 3.1 } == true)
        #expect(try folder.succeed("sluice inspect a.h264").text.contains("EXCEEDS level 1.1"))
        try folder.succeed("\(Self.piped) --codec avc1.64000D --bitrate 500k -o b.h264")
        let kept = try inspect("b.h264")
        #expect(kept.level.level == "1.3" && kept.level.excesses.isEmpty)
        #expect(kept.codecString == "avc1.64000D")
    }

    @Test("Inspecting describes parameter sets", .mustEnd)
    func parameterSets() throws {
        try folder.succeed("\(Self.piped) --codec avc1.64001F -o a.h264")
        let sets = try inspect("a.h264").parameterSets
        try #require(sets.map(\.title) == ["Sequence parameter set 0", "Picture parameter set 0"])
        let fields = Dictionary(uniqueKeysWithValues: sets.flatMap(\.fields).map { ($0.name, $0.value) })
        #expect(fields["shown size"] == "192x112" && fields["level"] == "3.1" && fields["entropy coding"] == "CABAC")
        #expect(fields["profile"]?.hasPrefix("High (") == true && fields["samples"] == "4:2:0, 8 bits")
    }

    @Test("Inspecting reads only the requested layers and number of units", .mustEnd)
    func layers() throws {
        try folder.succeed("\(Self.piped) --codec vp9 --scalability-mode L1T3 --bitrate 200k -o a.ivf")
        let report = try inspect("a.ivf --scalability-mode L1T3 --max-temporal-layer 1")
        #expect(report.units.count == 20 && Set(report.units.compactMap(\.temporalLayer)) == [0, 1])
        #expect(report.units.map(\.index) == Array(stride(from: 0, to: 40, by: 2)))
        #expect(try inspect("a.ivf --frames 7").units.count == 7)
        try folder.fail("sluice inspect a.ivf --max-temporal-layer 1", status: 64, saying: "--scalability-mode")
        try folder.succeed("\(Self.piped) --codec av1 --scalability-mode L1T2 --bitrate 200k -o a.obu")
        #expect(try inspect("a.obu --max-temporal-layer 0").units.count == 20)
    }

    @Test(
        "Inspecting does not give layers to a stream that was not made with them",
        .mustEnd,
        arguments: cases.map(\.file),
        ["L1T2", "L1T3"]
    )
    func noLayers(file: String, mode: String) throws {
        let item = try #require(Self.cases.first { $0.file == file })
        try folder.succeed(item.script)
        let flags = "\(file) --scalability-mode \(mode)"
        try folder.fail("sluice inspect \(flags)", status: 65, saying: "encoded with these layers")
        try folder.succeed("sluice inspect \(file) --scalability-mode L1T1")
        try folder.succeed("sluice inspect \(file)")
    }

    @Test(
        "Inspecting takes the layers of a stream that was made with them",
        .mustEnd,
        arguments: ["h264", "vp8", "vp9", "av1"],
        ["L1T2", "L1T3"]
    )
    func madeLayers(codec: String, mode: String) throws {
        let flags = "\(Quick.flags(codec)) --scalability-mode \(mode) --bitrate 200k"
        try folder.succeed("\(Self.piped) \(flags) -o a.mkv")
        let report = try inspect("a.mkv --scalability-mode \(mode)")
        #expect(Set(report.units.compactMap(\.temporalLayer)).count == (mode == "L1T2" ? 2 : 3))
        // Key frames alone are all of the base layer.
        try folder.succeed("\(Self.piped) \(flags) --key-frame-interval 1 -o keys.mkv")
        #expect(Set(try inspect("keys.mkv --scalability-mode \(mode)").units.compactMap(\.temporalLayer)) == [0])
    }

    /// Makes edits, in thousandths of a second and the track's own units, of an MP4 whose edit list has one.
    private func edit(_ name: String, _ edits: [(length: Int, start: Int)], to edited: String) throws {
        func number(_ value: Int) -> [UInt8] { (0..<4).reversed().map { UInt8(value >> (8 * $0) & 0xFF) } }
        var bytes = try folder.bytes(name)
        let list = edits.flatMap { number($0.length) + number($0.start) + number(0x10000) }
        let place = try #require(bytes.firstRange(of: Array("elst".utf8))?.lowerBound)
        // All positions in the file are before the list.
        try #require(bytes.firstRange(of: Array("mdat".utf8)).map { $0.lowerBound < place } == true)
        for box in ["moov", "trak", "edts", "elst"] {
            let start = try #require(bytes.firstRange(of: Array(box.utf8))?.lowerBound) - 4
            let size = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            bytes.replaceSubrange(start..<start + 4, with: number(size + list.count - 12))
        }
        bytes.replaceSubrange(place + 8..<place + 24, with: number(edits.count) + list)
        try folder.write(bytes, to: edited)
    }

    @Test(
        "Inspecting counts the frames that an edit list shows as ffmpeg does, and reports the number in the file",
        .mustEnd,
        arguments: [[(300, 1024), (300, 1024)], [(600, 512 * 13)], [(300, 1024), (300, 4608)], [(800, 0)]]
    )
    func editLists(edits: [(Int, Int)]) throws {
        try folder.succeed("\(Self.source) -c:v libx264 -bf 0 -g 10 in.mp4")
        try edit("in.mp4", edits.map { (length: $0.0, start: $0.1) }, to: "out.mp4")
        let script = "ffmpeg -v error -i out.mp4 -fps_mode passthrough -f framemd5 - | grep -vc '^#'"
        let shown = try #require(Int(try folder.succeed(script).text.trimmingCharacters(in: .whitespacesAndNewlines)))
        let hashes = try folder.succeed("sluice decode out.mp4 --format framehash -o - | grep -v '^#'").lines
        let report = try inspect("out.mp4")
        #expect(report.shownFrames == shown && hashes.count == shown && report.frames > shown)
        let times = hashes.compactMap { $0.split(separator: ",").dropFirst().first }.compactMap {
            Int($0.trimmingCharacters(in: .whitespaces))
        }
        #expect(report.units.filter(\.isShown).map(\.timestamp).sorted() == times)
        #expect(report.duration == (times.last ?? 0) - (times.first ?? 0) + 40_000)
        let table = try folder.succeed("sluice inspect out.mp4").text
        #expect(table.contains("\(report.frames), \(shown) shown, ") && table.contains("left out by the edit list"))
        // Each frame that is shown has a quality, and only those.
        try folder.succeed("ffmpeg -v error -i out.mp4 -fps_mode passthrough -vf noise=alls=9 -f rawvideo out.yuv")
        let compared = try inspect("out.mp4 --source out.yuv -s 192x112 -p i420")
        #expect(compared.units.count { $0.psnr != nil } == shown)
    }

    @Test(
        "Inspecting lists the sizes that change without a key frame, as a decoder gives them",
        .mustEnd,
        arguments: ["vp9", "av1"]
    )
    func scaledReferences(codec: String) throws {
        let noise =
            "ffmpeg -v error -f lavfi -i testsrc2=s=640x360:r=30:d=3 -vf noise=alls=30:allf=t -pix_fmt yuv420p a.y4m"
        let vpx = "vpxenc --codec=vp9 --rt --passes=1 --cpu-used=7 --end-usage=cbr --target-bitrate=40"
        let buffer = "--resize-allowed=1 --lag-in-frames=0 --buf-sz=600 --buf-initial-sz=400 --buf-optimal-sz=500"
        let aom = "aomenc --rt --cpu-used=8 --limit=12 --end-usage=q --cq-level=60 --resize-mode=2"
        let encode = codec == "vp9" ? "\(vpx) \(buffer) -q" : "\(aom) -q"
        try folder.succeed("\(noise) && \(encode) --ivf -o a.ivf a.y4m")
        let sizes = try probe("frame", "width,height", of: "a.ivf").map { "\($0["width"] ?? "")x\($0["height"] ?? "")" }
        let changes = sizes.indices.filter { $0 == 0 || sizes[$0] != sizes[$0 - 1] }
        try #require(changes.count > 1)
        let report = try inspect("a.ivf")
        #expect(report.pictures.map(\.unit) == changes)
        #expect(report.pictures.map { "\($0.width)x\($0.height)" } == changes.map { sizes[$0] })
        let largest = report.pictures.map { $0.width * $0.height }.max()
        #expect(report.width * report.height == largest)
    }

    @Test("Inspecting writes a self-contained page for any file name", .mustEnd)
    func page() throws {
        let name = "<img src=x onerror=alert(1)>&'\\\".h264"
        try folder.succeed("\(Self.piped) --codec h264 --bitrate 300k -o a.h264; mv a.h264 \"\(name)\"")
        try folder.succeed("sluice inspect \"\(name)\" --bitrate 300k --html a.html")
        let page = try folder.text("a.html")
        #expect(
            page.contains("<h1>&lt;img src=x onerror=alert(1)&gt;&amp;&#39;&quot;.h264</h1>") && !page.contains("<img")
        )
        for reference in ["src=\"", "href=", "url(", "@import", "fetch(", "XMLHttpRequest", "https://"] {
            #expect(!page.contains(reference), "\(reference)")
        }
        try folder.fail("sluice inspect \"\(name)\" --html a.html", status: 73, saying: "exists")
        try folder.fail("sluice inspect \"\(name)\" --html \"\(name)\" --overwrite", status: 64, saying: "is the input")
        try folder.succeed("sluice inspect \"\(name)\" --html a.html --overwrite")
    }

    @Test("Inspecting writes a page of at most 300 kB for 10000 frames", .mustEnd)
    func pageSize() throws {
        let source = "ffmpeg -v error -f lavfi -i testsrc2=s=32x32:r=60 -frames:v 10000 -pix_fmt yuv420p"
        try folder.succeed("\(source) -c:v libx264 -preset ultrafast -bf 2 a.mp4", timeLimit: 300)
        #expect(try folder.succeed("sluice inspect a.mp4 --html a.html", timeLimit: 120).lines.count > 10000)
        #expect(try folder.bytes("a.html").count <= 300_000)
    }

    @Test(
        "Inspecting finds the PSNR of each frame that ffmpeg finds, and takes the target from a receipt",
        .mustEnd
    )
    func source() throws {
        try folder.succeed("\(Self.source) -f rawvideo a.yuv")
        let encode = "sluice -s 192x112 -r 25 -p i420 a.yuv --codec h264 --bitrate 150k --receipt r.json -o a.h264"
        try folder.succeed(encode)
        let raw = "-f rawvideo -s 192x112 -r 25 -pix_fmt yuv420p"
        let filter = "-lavfi psnr=stats_file=psnr.log -f null -"
        try folder.succeed("ffmpeg -v error -i a.h264 -f rawvideo -pix_fmt yuv420p b.yuv")
        try folder.succeed("ffmpeg -v error \(raw) -i b.yuv \(raw) -i a.yuv \(filter)")
        let expected = try folder.text("psnr.log").split(separator: "\n").compactMap { line in
            line.split(separator: " ").first { $0.hasPrefix("psnr_avg:") }.flatMap { Double($0.dropFirst(9)) }
        }
        let report = try inspect("a.h264 --source a.yuv -s 192x112 -p i420 --receipt r.json")
        let shown = report.units.sorted { $0.timestamp < $1.timestamp }
        try #require(expected.count == 40 && shown.count == 40)
        for (unit, decibels) in zip(shown, expected) { #expect(abs((unit.psnr ?? 0) - decibels) < 0.01) }
        #expect(report.targetBitrate == 150_000)
        try folder.fail("sluice inspect - --source a.yuv < a.h264", status: 64, saying: "--source")
        try folder.fail("sluice inspect a.h264 --receipt a.yuv", status: 65, saying: "a.yuv: it is not a receipt")
    }

    @Test("Inspecting an incomplete stream fails with a message and writes nothing", .mustEnd)
    func failures() throws {
        try folder.succeed(
            "\(Self.piped) --codec vp9 --quantizer 30 -o a.ivf && head -c 900 a.ivf > cut.ivf && : > empty.ivf"
        )
        let names = folder.names
        try folder.fail("sluice inspect cut.ivf --html new.html", status: 65, saying: "cut.ivf")
        try folder.fail("sluice inspect empty.ivf --html new.html", status: 65, saying: "empty")
        try folder.fail("sluice inspect missing.ivf", status: 66, saying: "missing.ivf")
        try folder.fail("sluice inspect a.ivf --frames 0", status: 64, saying: "--frames")
        try folder.fail("sluice inspect a.ivf --html no/new.html", status: 73, saying: "no/new.html")
        #expect(folder.names == names)
    }
}

import Foundation
import Testing

/// Files that end where a picture does, so that nothing is wrong with any picture.
@Suite("Sources that end early between two pictures")
struct CutSourceTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Where the packets of a file begin.
    private func places(_ name: String) throws -> [Int] {
        let entries = "-select_streams v -show_entries packet=pos -of csv=p=0"
        return try folder.succeed("ffprobe -v error \(entries) \(name)").lines.compactMap {
            Int($0.filter { $0 != "," })
        }
    }

    private static let frames = 30

    @Test(
        "A file that states its size and ends between two pictures is truncated, from a file and from a pipe",
        .mustEnd,
        arguments: [
            ("in.avi", "-c:v mjpeg"), ("in.avi", "-c:v mpeg4"), ("in.asf", "-c:v wmv2"),
            ("in.mkv", "-c:v ffv1"), ("in.mp4", "-c:v libx264 -g 10 -movflags frag_keyframe+empty_moov"),
        ]
    )
    func cut(name: String, encode: String) throws {
        try folder.make(name, encode, size: "128x96", frames: Self.frames)
        let bytes = try folder.bytes(name)
        #expect(try folder.succeed("cat \(name) | sluice decode - --format framehash -o -").hashes == Self.frames)
        for number in [13, 25] {
            let places = try places(name)
            try folder.write(Array(bytes.prefix(try #require(places.dropFirst(number).first))), to: "cut-\(name)")
            for command in ["sluice cut-\(name)", "cat cut-\(name) | sluice -"] {
                try folder.fail("\(command) -o out.mp4", status: 65, saying: "damaged", "--accept-partial")
                #expect(!folder.exists("out.mp4"))
                try folder.succeed("\(command) -o part.mkv --accept-partial --overwrite")
                #expect(try (number - 5...number).contains(folder.frameCount("part.mkv") ?? 0))
            }
        }
    }

    @Test("What a writer to a pipe leaves out is not missing", .mustEnd)
    func unstated() throws {
        try folder.make("in.avi", "-c:v mjpeg", size: "128x96", frames: Self.frames)
        for form in ["avi", "asf", "matroska", "mp4 -movflags frag_keyframe+empty_moov"] {
            let codec = form == "asf" ? "-c:v wmv2" : form.hasPrefix("mp4") ? "-c:v mpeg4" : "-c copy"
            try folder.succeed("ffmpeg -v error -y -i in.avi \(codec) -f \(form) - | cat > piped")
            for command in ["sluice decode piped", "cat piped | sluice decode -"] {
                #expect(try folder.succeed("\(command) --format framehash -o -").hashes == Self.frames, "\(form)")
            }
        }
    }

    @Test("A GIF of any size is read from a pipe, each picture at its own time, and truncation is noticed", .mustEnd)
    func gifByPipe() throws {
        let times = "setpts=if(lt(N\\,5)\\,N\\,N*2)/25/TB"
        let source = "ffmpeg -v error -f lavfi -i testsrc2=s=320x240:r=25 -frames:v 20"
        try folder.succeed("\(source) -vf 'noise=alls=60:allf=t,\(times)' -fps_mode passthrough in.gif")
        #expect(try folder.bytes("in.gif").count > 1 << 20)
        try folder.succeed("sluice decode in.gif --format raw -o file.raw")
        try folder.succeed("cat in.gif | sluice decode - --format raw -o pipe.raw")
        try folder.succeed("ffmpeg -v error -i in.gif -fps_mode passthrough -f rawvideo other.raw")
        #expect(try folder.bytes("pipe.raw") == folder.bytes("file.raw"))
        #expect(try folder.bytes("pipe.raw") == folder.bytes("other.raw"))
        try folder.succeed("cat in.gif | sluice - -o pipe.mp4 && sluice in.gif -o file.mp4")
        let entries = "-show_entries frame=pts_time -of csv=p=0"
        let shown = try folder.succeed("ffprobe -v error \(entries) pipe.mp4").lines
        #expect(shown.count == 20)
        #expect(try shown == folder.succeed("ffprobe -v error \(entries) file.mp4").lines)
        let bytes = try folder.bytes("in.gif")
        for missing in [1, 1000, bytes.count / 2] {
            try folder.write(Array(bytes.dropLast(missing)), to: "cut.gif")
            try folder.fail("cat cut.gif | sluice - -o out.mp4", status: 65, saying: "it is truncated")
        }
    }
}

extension Outcome {
    /// The number of frames in a text of their hashes.
    fileprivate var hashes: Int { lines.filter { !$0.hasPrefix("#") }.count }
}

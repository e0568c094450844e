import PixelConversion
import TestSupport
import Testing
import VideoTypes

@Suite("A picture that is turned")
struct PictureTurnerTests {
    static let orientations = Orientation.Rotation.allCases.flatMap { rotation in
        [false, true].map { Orientation(rotation: rotation, flip: $0) }
    }

    /// Bytes that stay together in a plane.
    private func unit(_ layout: PictureLayout, _ plane: Int) -> Int {
        switch layout.format.components {
        case .packedRGB(let bytes, _, _, _): bytes
        case .deepRGB(.samples(let count, _, _, _)): count * layout.format.bytesPerSample
        case .semiPlanar where plane == 1: 2 * layout.format.bytesPerSample
        default: layout.format.bytesPerSample
        }
    }

    /// A plane as rows of columns, turned the slow way: once by a quarter for each 90 degrees, and mirrored then.
    private func turned(_ rows: [[[UInt8]]], _ orientation: Orientation) -> [[[UInt8]]] {
        var rows = rows
        for _ in 0..<orientation.rotation.rawValue / 90 {
            let old = rows
            rows = old[0].indices.map { column in old.reversed().map { $0[column] } }
        }
        return orientation.flip ? rows.map { $0.reversed() } : rows
    }

    private func rows(_ picture: [UInt8], _ layout: PictureLayout, _ index: Int) -> [[[UInt8]]] {
        let (plane, unit) = (layout.planes[index], unit(layout, index))
        return (0..<plane.rows).map { row in
            stride(from: 0, to: plane.rowBytes, by: unit).map { column in
                let start = plane.offset + row * plane.stride + column
                return Array(picture[start..<start + unit])
            }
        }
    }

    private func turn(_ picture: [UInt8], _ turner: PictureTurner) -> [UInt8] {
        var target = [UInt8](repeating: 0, count: turner.target.byteCount)
        var span = target.mutableSpan
        var bytes = span.mutableBytes
        turner.turn(picture.span.bytes, into: &bytes)
        return target
    }

    @Test(
        "A picture that is turned is rotated clockwise and mirrored then, in every format",
        arguments: PixelFormat.allCases,
        orientations
    )
    func everyFormat(format: PixelFormat, orientation: Orientation) throws {
        if case .packedYUV = format.components { return }
        guard format.chroma != .yuv422 || !orientation.rotation.isQuarter else { return }
        var random = SeededGenerator(for: "turning \(format) \(orientation)")
        for size in ["1x1", "2x3", "67x35", "40x70"].compactMap({ PictureSize($0) }) {
            let padded = (size.width + 5) * 16
            for stride in [nil, padded] {
                let layout = try #require(PictureLayout(format: format, size: size, stride: stride))
                let picture = random.bytes(layout.byteCount)
                let turner = try PictureTurner(source: layout, orientation: orientation)
                #expect(turner.target.size == size.turned(by: orientation))
                let result = turn(picture, turner)
                for plane in layout.planes.indices {
                    let expected = turned(rows(picture, layout, plane), orientation)
                    #expect(rows(result, turner.target, plane) == expected, "\(size) plane \(plane)")
                }
            }
        }
    }

    @Test(
        "A picture that is turned is what ffmpeg's filters make of it",
        arguments: [
            (Orientation.Rotation.right, false, "transpose=clock"), (.left, false, "transpose=cclock"),
            (.half, false, "hflip,vflip"), (.none, true, "hflip"), (.right, true, "transpose=clock,hflip"),
            (.left, true, "transpose=cclock,hflip"), (.half, true, "vflip"),
        ]
    )
    func filters(rotation: Orientation.Rotation, flip: Bool, filter: String) throws {
        let folder = try TemporaryFolder()
        for (format, name) in [(PixelFormat.rgba, "rgba"), (.i420, "yuv420p"), (.nv12, "nv12")] {
            let source = ["-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=s=66x34:d=0.04"]
            let raw = ["-pix_fmt", name, "-f", "rawvideo"]
            try folder.run("ffmpeg", source + raw + ["plain"])
            let size = try #require(PictureSize("66x34"))
            try folder.run(
                "ffmpeg",
                ["-v", "error", "-y", "-f", "rawvideo", "-s", "66x34", "-pix_fmt", name, "-i", "plain", "-vf", filter]
                    + raw + ["turned"]
            )
            let layout = try #require(PictureLayout(format: format, size: size))
            let frame = VideoFrame(
                layout: layout,
                buffer: PlaneBuffer(copying: try folder.bytes(of: "plain")),
                timestamp: 5,
                duration: 7
            )
            let turned = try frame.turned(by: Orientation(rotation: rotation, flip: flip))
            #expect((turned.timestamp, turned.duration) == (5, 7))
            let bytes = turned.withBytes { bytes in bytes.withUnsafeBytes { Array($0) } }
            #expect(bytes == (try folder.bytes(of: "turned")), "\(name)")
        }
    }

    @Test(
        "A picture that is turned by a quarter cannot be 4:2:2, which would become 4:4:0",
        arguments: [PixelFormat.i422, .i422p10, .i422p12]
    )
    func refused(format: PixelFormat) throws {
        let layout = try #require(PictureLayout(format: format, size: PictureSize(width: 4, height: 4)))
        for rotation in [Orientation.Rotation.right, .left] {
            let error = #expect(throws: EncoderConfigError.self) {
                _ = try PictureTurner(source: layout, orientation: Orientation(rotation: rotation))
            }
            #expect(error?.isUnsupported == true)
            #expect(error?.description.contains("4:4:0") == true)
        }
    }
}

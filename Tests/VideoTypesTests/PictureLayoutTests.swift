import Testing

@testable import VideoTypes

@Suite("A picture's layout")
struct PictureLayoutTests {
    /// Bytes of a 5x3 picture and of each plane, counted by hand.
    static let oddSizes: [(PixelFormat, [Int])] = [
        (.rgba, [60]), (.bgra, [60]), (.rgbx, [60]), (.bgrx, [60]), (.argb, [60]), (.rgb24, [45]), (.bgr24, [45]),
        (.gray8, [15]), (.i420, [15, 6, 6]), (.nv12, [15, 12]), (.i422, [15, 9, 9]), (.i444, [15, 15, 15]),
        (.i420p10, [30, 12, 12]), (.i422p10, [30, 18, 18]), (.i444p10, [30, 30, 30]), (.p010, [30, 24]),
        (.i420p12, [30, 12, 12]), (.i422p12, [30, 18, 18]), (.i444p12, [30, 30, 30]), (.i420a, [15, 6, 6, 15]),
        (.abgr, [60]), (.xrgb, [60]), (.xbgr, [60]), (.rgb48, [90]), (.bgr48, [90]), (.rgba64, [120]), (.bgra64, [120]),
        (.x2rgb10, [60]), (.x2bgr10, [60]), (.rgbaf32, [240]), (.gbrp, [15, 15, 15]), (.gbrp10, [30, 30, 30]),
        (.gbrp12, [30, 30, 30]), (.gbrp16, [30, 30, 30]), (.gbrap, [15, 15, 15, 15]), (.gbrpf32, [60, 60, 60]),
        (.gbrapf32, [60, 60, 60, 60]),
        (.gray10, [30]), (.gray12, [30]), (.gray16, [30]), (.yv12, [15, 6, 6]), (.nv21, [15, 12]), (.nv16, [15, 18]),
        (.nv24, [15, 30]), (.yuyv422, [36]), (.uyvy422, [36]), (.p210, [30, 36]), (.p410, [30, 60]), (.p216, [30, 36]),
        (.p416, [30, 60]), (.v210, [384]), (.i444a, [15, 15, 15, 15]),
    ]

    @Test("A picture's layout covers every format")
    func everyFormat() { #expect(Set(Self.oddSizes.map(\.0)) == Set(PixelFormat.allCases)) }

    @Test("A picture's layout of an odd size rounds chroma up", arguments: oddSizes)
    func odd(format: PixelFormat, planes: [Int]) throws {
        let layout = try #require(PictureLayout(format: format, size: PictureSize(width: 5, height: 3)))
        #expect(layout.planes.map(\.byteCount) == planes)
        #expect(layout.byteCount == planes.reduce(0, +))
        // A row of v210 is one group of six pixels, and is filled up to 128 bytes.
        #expect(layout.planes.allSatisfy { $0.stride == $0.rowBytes || (format == .v210 && $0.rowBytes == 16) })
    }

    @Test(
        "A picture's layout has its planes one after the other, for every format and small size",
        arguments: PixelFormat.allCases
    )
    func contiguous(format: PixelFormat) throws {
        for width in 1...9 {
            for height in 1...5 {
                let size = PictureSize(width: width, height: height)
                let layout = try #require(PictureLayout(format: format, size: size))
                var end = 0
                for plane in layout.planes {
                    #expect(plane.offset == end)
                    #expect(plane.rowBytes <= plane.stride)
                    end = plane.offset + plane.byteCount
                }
                #expect(end == layout.byteCount)
            }
        }
    }

    @Test(
        "A picture's layout takes a stride for the first plane, and the chroma's follow",
        arguments: [
            (PixelFormat.rgba, [24]), (.gray8, [24]), (.i420, [24, 12, 12]), (.i422, [24, 12, 12]),
            (.i444, [24, 24, 24]), (.nv12, [24, 24]),
        ]
    )
    func strides(format: PixelFormat, strides: [Int]) throws {
        let layout = try #require(PictureLayout(format: format, size: PictureSize(width: 5, height: 3), stride: 24))
        #expect(layout.planes.map(\.stride) == strides)
        #expect(layout.byteCount == layout.planes.map { $0.stride * $0.rows }.reduce(0, +))
    }

    @Test(
        "A picture's layout is refused for strides shorter than a row, negative or absurd",
        arguments: PixelFormat.allCases
    )
    func refusedStrides(format: PixelFormat) throws {
        let size = PictureSize(width: 5, height: 3)
        let row = try #require(PictureLayout(format: format, size: size)).planes[0].rowBytes
        #expect(PictureLayout(format: format, size: size, stride: row) != nil)
        for stride in [row - 1, 0, -1, .min, .max, 1 << 31] {
            #expect(PictureLayout(format: format, size: size, stride: stride) == nil, "\(stride)")
        }
    }

    @Test("A picture's layout of planes that are padded in height has the same rows farther apart")
    func planeRows() throws {
        let size = PictureSize(width: 5, height: 3)
        let layout = try #require(PictureLayout(format: .i420, size: size, planeRows: 8))
        #expect(layout.planes.map(\.offset) == [0, 40, 52])
        #expect(layout.planes.map(\.rows) == [3, 2, 2])
        #expect(layout.byteCount == 64)
        #expect(PictureLayout(format: .i420, size: size, planeRows: 2) == nil)
        #expect(PictureLayout(format: .i420, size: size, planeRows: .max) == nil)
    }

    @Test("A picture's layout shifts samples only where the format has room above them")
    func sampleShift() {
        let size = PictureSize(width: 5, height: 3)
        for (format, most) in [
            (PixelFormat.i420p10, 6), (.gbrp12, 4), (.gray10, 6), (.i420, 0), (.p010, 0), (.v210, 0),
        ] {
            for shift in -1...8 {
                let layout = PictureLayout(format: format, size: size, sampleShift: shift)
                #expect((layout != nil) == (0...most).contains(shift), "\(format) \(shift)")
            }
        }
    }

    @Test("A picture's layout is refused for sizes that are none", arguments: PixelFormat.allCases)
    func refusedSizes(format: PixelFormat) {
        for (width, height) in [(0, 1), (1, 0), (-1, 1), (16385, 1), (.max, .max), (.min, 1)] {
            #expect(PictureLayout(format: format, size: PictureSize(width: width, height: height)) == nil)
        }
    }

    @Test(
        "A picture's layout of the largest picture with the longest stride does not overflow",
        arguments: PixelFormat.allCases
    )
    func largest(format: PixelFormat) throws {
        let size = PictureSize(width: 16384, height: 16384)
        let layout = try #require(PictureLayout(format: format, size: size, stride: 1 << 30))
        #expect(layout.byteCount >= (1 << 30) * 16384)
    }

    @Test("A picture's layout knows each format's chroma")
    func chroma() {
        #expect(PixelFormat.allCases.filter { $0.chroma == nil && !$0.isRGB } == [.gray8, .gray10, .gray12, .gray16])
        #expect(PixelFormat.nv12.chroma == .yuv420)
        for chroma in ChromaSubsampling.allCases { #expect(PixelFormat.planar(chroma).chroma == chroma) }
    }

    @Test("A picture's layout knows where each packed format has its red, green and blue")
    func components() {
        #expect(PixelFormat.argb.components == .packedRGB(bytesPerPixel: 4, red: 1, green: 2, blue: 3))
        #expect(PixelFormat.bgr24.components == .packedRGB(bytesPerPixel: 3, red: 2, green: 1, blue: 0))
        #expect(PixelFormat.rgbx.components == PixelFormat.rgba.components)
        #expect(PixelFormat.bgrx.components == PixelFormat.bgra.components)
    }
}

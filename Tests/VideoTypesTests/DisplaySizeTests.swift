import Testing
import VideoTypes

@Suite("The size in which a picture is shown")
struct DisplaySizeTests {
    @Test(
        "The size in which a picture is shown has one side lengthened by the samples' aspect, never one shortened",
        arguments: [
            ("1920x1080", 1, 1, "1920x1080"), ("720x576", 64, 45, "1024x576"), ("720x480", 8, 9, "720x540"),
            ("720x480", 32, 27, "853x480"), ("1440x1080", 4, 3, "1920x1080"), ("64x64", 1, 3, "64x192"),
            ("3x5", 3, 2, "5x5"), ("1x1", 65535, 1, "65535x1"), ("16384x16384", 1, 65535, "16384x1073725440"),
        ]
    )
    func aspect(coded: String, width: Int, height: Int, shown: String) throws {
        let size = try #require(PictureSize(coded))
        let aspect = try #require(PixelAspectRatio(width: width, height: height))
        let displayed = size.displayed(with: aspect)
        #expect(displayed.description == shown)
        #expect(displayed.width >= size.width && displayed.height >= size.height)
    }

    @Test(
        "The size in which a picture is shown changes its sides when the picture is turned by a quarter",
        arguments: Orientation.Rotation.allCases
    )
    func turned(rotation: Orientation.Rotation) throws {
        let size = PictureSize(width: 720, height: 576)
        let aspect = try #require(PixelAspectRatio(width: 16, height: 15))
        for flip in [false, true] {
            let displayed = size.displayed(with: aspect, orientation: Orientation(rotation: rotation, flip: flip))
            let isQuarter = [90, 270].contains(rotation.rawValue)
            #expect(displayed.description == (isQuarter ? "576x768" : "768x576"))
        }
    }

    @Test(
        "The size in which a picture is shown comes with a matrix that is guessed where none is named, and only there"
    )
    func guesses() {
        let (small, large) = (PictureSize(width: 1024, height: 576), PictureSize(width: 16, height: 577))
        #expect(VideoColorSpace.unspecified.guessingMatrix(for: small).matrix == .smpte170m)
        #expect(VideoColorSpace.unspecified.guessingMatrix(for: large).matrix == .bt709)
        #expect(VideoColorSpace.bt709.guessingMatrix(for: small) == .bt709)
        #expect(VideoColorSpace.bt601.guessingMatrix(for: large) == .bt601)
    }

    @Test("A picture's display size and color take missing values of the bitstream from elsewhere")
    func completed() {
        var color = VideoColorSpace.unspecified
        color.primaries = .bt2020
        let completed = color.completed(by: .bt601)
        #expect((completed.primaries, completed.transfer, completed.matrix) == (.bt2020, .smpte170m, .smpte170m))
        #expect(VideoColorSpace.bt709.completed(by: .bt601) == .bt709)
    }
}

import Testing
import VideoTypes

@Suite("A picture's size")
struct PictureSizeTests {
    @Test(
        "A picture's size is read as WIDTHxHEIGHT",
        arguments: [("1920x1080", 1920, 1080), ("1x1", 1, 1), ("16384x16384", 16384, 16384)]
    )
    func reading(text: String, width: Int, height: Int) {
        #expect(PictureSize(text) == PictureSize(width: width, height: height))
        #expect(PictureSize(text)?.description == text)
    }

    @Test(
        "A picture's size is not read from anything else",
        arguments: [
            "", "x", "1920", "1920x", "x1080", "0x1080", "1920x0", "16385x1", "1x16385", "1920X1080", "-1x5", "+1x5",
            " 1x1", "1x1 ", "1x1x1", "1.5x2", "0x10x10", "99999999999999999999x1", "１x１", "1*1",
        ]
    )
    func junk(text: String) { #expect(PictureSize(text) == nil) }

    @Test("A picture's size is valid from 1 to 16384 on both sides")
    func validity() {
        #expect(PictureSize(width: 1, height: 16384).isValid)
        #expect(!PictureSize(width: 0, height: 1).isValid)
        #expect(!PictureSize(width: 1, height: -1).isValid)
        #expect(!PictureSize(width: 16385, height: 1).isValid)
    }
}

@Suite("Chroma subsampling")
struct ChromaSubsamplingTests {
    @Test("Chroma subsampling rounds odd sizes up")
    func rounding() {
        #expect(ChromaSubsampling.yuv420.chromaWidth(ofLuma: 5) == 3)
        #expect(ChromaSubsampling.yuv420.chromaHeight(ofLuma: 5) == 3)
        #expect(ChromaSubsampling.yuv422.chromaHeight(ofLuma: 5) == 5)
        #expect(ChromaSubsampling.yuv444.chromaWidth(ofLuma: 5) == 5)
        #expect(ChromaSubsampling.yuv420.chromaWidth(ofLuma: 1) == 1)
    }

    @Test("Chroma subsampling reports which sizes have no half samples")
    func multiples() {
        #expect(ChromaSubsampling.yuv420.sizeMultiple == PictureSize(width: 2, height: 2))
        #expect(ChromaSubsampling.yuv422.sizeMultiple == PictureSize(width: 2, height: 1))
        #expect(ChromaSubsampling.yuv444.sizeMultiple == PictureSize(width: 1, height: 1))
        #expect(ChromaSubsampling.allCases.map(\.chromaFormatIdc) == [1, 2, 3])
    }
}

@Suite("A pixel aspect ratio")
struct PixelAspectRatioTests {
    @Test("A pixel aspect ratio is in lowest terms and fits into 16 bits")
    func ratio() {
        #expect(PixelAspectRatio(width: 64, height: 48) == PixelAspectRatio(width: 4, height: 3))
        #expect(PixelAspectRatio(width: 65535, height: 65536) == nil)
        #expect(PixelAspectRatio(width: 131_070, height: 2)?.width == 65535)
        #expect(PixelAspectRatio(width: 0, height: 1) == nil)
        #expect(PixelAspectRatio(width: 1, height: -1) == nil)
        #expect(PixelAspectRatio(width: 7, height: 7) == .square)
    }
}

import Testing
import VideoTypes

@testable import Filters

@Suite("The graph that plain settings make")
struct FilterTextTests {
    private func text(
        _ format: PixelFormat = .i420,
        isFullRange: Bool = false,
        colors: String? = nil,
        _ change: (inout PictureFilters) -> Void
    ) throws -> String {
        var filters = PictureFilters()
        change(&filters)
        let layout = try #require(PictureLayout(format: format, size: PictureSize(width: 98, height: 66)))
        return try FilterText(filters, layout, isFullRange: isFullRange).text(colors: colors)
    }

    @Test("Settings come in one order, and colors after the user's graph")
    func order() throws {
        let graph = try FilterDescription("hflip")
        let text = try text(colors: "zscale") { filters in
            filters.pad = PictureArea("100x100+2+4")
            filters.crop = CropRequest("64x64+2+0")
            filters.graph = graph
            (filters.deinterlaces, filters.denoises) = (true, true)
        }
        let names = text.replacing(/'[^']*'/, with: "").split(separator: ",").map { $0.split(separator: "=")[0] }
        #expect(names == ["bwdif", "hqdn3d", "crop", "hflip", "zscale", "pad"])
        #expect(
            text.hasSuffix("pad='if(gt(2+iw,100)+mod(iw,hsub)*lt(iw,100),1,100)':'if(gt(4+ih,100),1,100)':2:4")
                && text.contains("crop=64:64:2:0:exact=1")
        )
        #expect(try self.text { _ in } == "null")
    }

    @Test("A part begins where chroma of the format does, within the picture")
    func corners() throws {
        for (format, crop, isTaken) in [
            (PixelFormat.i420, "10x10+2+2", true), (.i420, "10x10+1+2", false), (.i420, "10x10+2+1", false),
            (.i422, "10x10+2+1", true), (.i422, "10x10+1+1", false), (.i444, "10x10+1+1", true),
            (.rgba, "10x10+1+1", true), (.gray8, "9x9+1+1", true), (.i444, "98x66+0+0", true),
            (.i444, "98x66+1+0", false), (.i444, "99x66+0+0", false),
        ] {
            let result = Result { try text(format) { $0.crop = CropRequest(crop) } }
            #expect(((try? result.get()) != nil) == isTaken, "\(format) \(crop)")
        }
    }

    @Test("Black borders of full range are refused in YUV, and made in RGB")
    func black() throws {
        #expect(throws: FilterRefusal.self) {
            try text(isFullRange: true) { $0.fit = PictureSize(width: 64, height: 64) }
        }
        #expect(
            try text(.rgba, isFullRange: true) { $0.fit = PictureSize(width: 64, height: 64) }.contains("pad=64:64")
        )
    }

    @Test("RGB becomes YUV of BT.709, tagged so, for filters of YUV alone")
    func rgb() throws {
        let text = try text(.rgba) { $0.denoises = true }
        #expect(text.hasPrefix("scale=out_color_matrix=bt709") && text.contains("setparams=range=tv:colorspace=bt709"))
        #expect(try self.text(.rgba) { $0.crop = CropRequest("10x10+0+0") } == "crop=10:10:0:0:exact=1")
    }

    @Test(
        "Areas are read as WIDTHxHEIGHT, with a place or without",
        arguments: [
            ("64x48", true), ("64x48+0+0", true), ("64x48+16+8", true), ("64x48+16", false), ("64x48+-1+0", false),
            ("64x48+1+", false), ("0x48", false), ("64", false), ("64x48+99999+0", false), ("auto", false),
        ]
    )
    func areas(text: String, isArea: Bool) {
        #expect((PictureArea(text) != nil) == isArea)
        #expect(PictureArea(text).map { "\($0)" == text } ?? true)
        #expect((CropRequest(text) != nil) == (text == "auto" || isArea && text.contains("+")))
    }
}

package import VideoTypes

/// The text of the graph that does all that is requested of pictures of one kind.
package struct FilterText {
    private let filters: PictureFilters
    private let layout: PictureLayout
    private let isFullRange: Bool

    /// - Parameters:
    ///   - filters: What is requested; its crop is an area.
    ///   - layout: The pictures that go in.
    ///   - isFullRange: YUV uses every value.
    package init(_ filters: PictureFilters, _ layout: PictureLayout, isFullRange: Bool) {
        (self.filters, self.layout, self.isFullRange) = (filters, layout, isFullRange)
    }

    /// The graph.
    ///
    /// - Parameter colors: What converts colors; `nil` if nothing does.
    package func text(colors: String?) throws(FilterRefusal) -> String {
        let before = [
            plainYUV, filters.deinterlaces ? "bwdif=mode=send_frame:parity=auto:deint=all" : nil,
            filters.denoises ? "hqdn3d" : nil, try cropping(),
        ].compactMap(\.self)
        let after = [colors].compactMap(\.self) + (try fitting()) + (try padding())
        guard let graph = filters.graph else {
            return before.isEmpty && after.isEmpty ? "null" : (before + after).joined(separator: ",")
        }
        return graph.text(after: before.joined(separator: ","), before: after.joined(separator: ","))
    }

    /// Filters of YUV alone get RGB with the matrix that it will have, and is tagged with.
    private var plainYUV: String? {
        guard layout.format.isRGB, filters.deinterlaces || filters.denoises else { return nil }
        let format = layout.format.bitDepth > 8 ? "yuv444p16le" : "yuv444p"
        return "scale=out_color_matrix=bt709:out_range=tv,format=\(format),setparams=range=tv:colorspace=bt709"
    }

    private func cropping() throws(FilterRefusal) -> String? {
        guard case .area(let area) = filters.crop, let corner = area.corner else { return nil }
        let isInside =
            corner.x + area.size.width <= layout.size.width && corner.y + area.size.height <= layout.size.height
        guard isInside else {
            throw FilterRefusal("\(Setting.crop) \(area) is not within the \(layout.size) of the picture")
        }
        try check(corner, Setting.crop, area)
        return "crop=\(area.size.width):\(area.size.height):\(corner.x):\(corner.y):exact=1"
    }

    /// A part of a picture begins with a sample of chroma.
    private func check(_ corner: PictureArea.Corner, _ setting: Setting, _ area: PictureArea) throws(FilterRefusal) {
        guard let multiple = layout.format.chroma?.sizeMultiple else { return }
        guard corner.x % multiple.width == 0, corner.y % multiple.height == 0 else {
            let name = layout.format.chroma?.name ?? ""
            throw FilterRefusal(
                "\(setting) \(area) does not begin where chroma of \(name) does (columns: multiples of \(multiple.width), rows: of \(multiple.height))"
            )
        }
    }

    private func fitting() throws(FilterRefusal) -> [String] {
        guard let size = filters.fit else { return [] }
        try checkBlack(.fit)
        try checkChroma(size, .fit)
        let (width, height) = (size.width, size.height)
        // Even sizes and places: the picture is no more than half a sample off its shape, and chroma is in place.
        let isWide = "gte(dar,\(width)/\(height))"
        let scaledWidth = "if(\(isWide),\(width),max(2,2*round(\(height)*dar/2)))"
        let scaledHeight = "if(\(isWide),min(\(height),max(2,2*round(\(width)/dar/2))),\(height))"
        let flags = "bicubic+accurate_rnd+full_chroma_int+full_chroma_inp"
        return [
            "scale=w='\(scaledWidth)':h='\(scaledHeight)':flags=\(flags)", "setsar=1",
            "pad=\(width):\(height):x='2*trunc((ow-iw)/4)':y='2*trunc((oh-ih)/4)'",
        ]
    }

    private func padding() throws(FilterRefusal) -> [String] {
        guard let area = filters.pad else { return [] }
        try checkBlack(.pad)
        try checkChroma(area.size, .pad)
        let (width, height) = (area.size.width, area.size.height)
        try checkRoom(area)
        if let corner = area.corner { try check(corner, Setting.pad, area) }
        let place = area.corner.map { "\($0.x):\($0.y)" } ?? "x='2*trunc((ow-iw)/4)':y='2*trunc((oh-ih)/4)'"
        guard filters.graph != nil else { return ["pad=\(width):\(height):\(place)"] }
        // What a graph gives out may not fit, and would be put in the middle instead; or its last column shares its chroma with
        // the border, which would be put over it. So small a target is an error.
        let (x, y) = (area.corner?.x ?? 0, area.corner?.y ?? 0)
        let cutsColumn = "mod(iw,hsub)*lt(iw,\(width))"
        let room = "if(gt(\(x)+iw,\(width))+\(cutsColumn),1,\(width))"
        let rows = "if(gt(\(y)+ih,\(height)),1,\(height))"
        return ["pad='\(room)':'\(rows)':\(place)"]
    }

    /// Throws if it is known that the picture does not fit.
    private func checkRoom(_ area: PictureArea) throws(FilterRefusal) {
        let cropped: PictureSize? = if case .area(let part) = filters.crop { part.size } else { layout.size }
        guard let size = filters.fit ?? (filters.graph == nil ? cropped : nil) else { return }
        let (x, y) = (area.corner?.x ?? 0, area.corner?.y ?? 0)
        guard x + size.width <= area.size.width, y + size.height <= area.size.height else {
            throw FilterRefusal("\(Setting.pad) \(area) has no room for the \(size) of the picture")
        }
        // libavfilter would put the border over the last column.
        guard let chroma = layout.format.chroma, size.width % chroma.sizeMultiple.width != 0,
            size.width < area.size.width
        else {
            return
        }
        let even = size.width / chroma.sizeMultiple.width * chroma.sizeMultiple.width
        throw FilterRefusal(
            "\(Setting.pad) would cut the last column of \(size), which shares its \(chroma.name) chroma with the border (use \(Setting.crop) \(even)x\(size.height)+0+0)"
        )
    }

    /// Throws if a size cuts a sample of chroma: libavfilter would round it.
    private func checkChroma(_ size: PictureSize, _ setting: Setting) throws(FilterRefusal) {
        guard let chroma = layout.format.chroma else { return }
        let multiple = chroma.sizeMultiple
        guard size.width % multiple.width != 0 || size.height % multiple.height != 0 else { return }
        let (width, height) = (
            (size.width + multiple.width - 1) / multiple.width * multiple.width,
            (size.height + multiple.height - 1) / multiple.height * multiple.height
        )
        throw FilterRefusal("\(setting) \(size) cuts samples of \(chroma.name) chroma (use \(width)x\(height))")
    }

    /// libavfilter's black is that of limited range.
    private func checkBlack(_ setting: Setting) throws(FilterRefusal) {
        // What a graph gives out is known once it does.
        guard isFullRange, filters.graph == nil, layout.format.chroma != nil || layout.format.isGray else { return }
        throw FilterRefusal("\(setting) makes black borders of limited range, but the input has full range")
    }
}

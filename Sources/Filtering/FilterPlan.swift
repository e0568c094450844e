package import Filters
package import Jobs
internal import VideoTypes

/// What is done with an input's pictures, once they are known: resolved without making a graph.
package struct FilterPlan {
    /// What is requested; its crop is an area.
    package let filters: PictureFilters
    /// What is known of the pictures, as the graph is told it.
    package let source: FilterSource
    /// How they reach the graph.
    package let feed: FilterFeed
    /// The graph.
    package let text: String

    /// - Parameters:
    ///   - filters: What is requested.
    ///   - source: What is known of the pictures, as the graph is told it.
    ///   - feed: How they reach the graph.
    ///   - isFullRange: The pictures have full range, whatever the graph is told.
    ///   - colors: The steps that convert colors; `nil` for none.
    /// - Throws: ``Jobs/JobError/usage(_:)`` if the filters do not fit the pictures.
    package init(
        _ filters: PictureFilters,
        _ source: FilterSource,
        _ feed: FilterFeed,
        isFullRange: Bool,
        colors: String?
    ) throws(JobError) {
        do throws(FilterRefusal) {
            text = try FilterText(filters, feed.target, isFullRange: isFullRange).text(colors: colors)
        } catch {
            throw .usage("\(error)")
        }
        (self.filters, self.source, self.feed) = (filters, source, feed)
    }
}

export { forceSimulation, forceLink, forceManyBody, forceCenter, forceCollide, forceX, forceY } from "d3-force";
export { geoPath, geoMercator, geoGraticule10, geoBounds } from "d3-geo";
export { zoom, zoomIdentity } from "d3-zoom";
export { drag } from "d3-drag";
export { select } from "d3-selection";
export { feature, mesh } from "topojson-client";

for (const section of document.querySelectorAll(".camera")) {
  const number = Number(section.id.slice(1)), camera = data.cameras[number];
  if (!section.querySelector(".defects")) continue;
  const decisions = new Decisions(number);
  const table = new DefectTable(section, camera, decisions);
  table.map = new SensorMap(section, camera, decisions, table);
  table.map.select(table.shown()[0]);
}

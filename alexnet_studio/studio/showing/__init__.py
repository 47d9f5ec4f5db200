"""State to views, in pure functions: `window.view_state` calls those of each panel."""
